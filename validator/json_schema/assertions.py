"""Keywords that check a value without applying other schemas."""

from __future__ import annotations

from decimal import Decimal
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any

from validator.json_schema import budget
from validator.json_schema.equality import key_of
from validator.json_schema.value_types import has_type, is_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sized

    from validator.json_schema.protocols import Frame


def type_(frame: Frame, names: Any) -> None:
    value = frame.instance
    allowed = [names] if isinstance(names, str) else names
    if not any(has_type(value, name, whole_floats=frame.whole_floats) for name in allowed):
        frame.fail("type", names)


def enum(frame: Frame, members: Any) -> None:
    frame.spend(budget.of_comparing(frame.instance))
    if frame.instance not in frame.members("enum", members):
        frame.fail("enum", members)


def const(frame: Frame, member: Any) -> None:
    frame.spend(budget.of_comparing(frame.instance))
    if frame.instance not in frame.members("const", member):
        frame.fail("const", member)


def _bound(keyword: str, exceeds: Callable[[Any, Any], bool]) -> Callable[[Frame, Any], None]:
    def check(frame: Frame, limit: Any) -> None:
        if is_number(frame.instance) and exceeds(frame.instance, limit):
            frame.fail(keyword, limit)

    return check


def _size(keyword: str, kind: type[Sized], exceeds: Callable[[int, Any], bool]) -> Callable[[Frame, Any], None]:
    def check(frame: Frame, limit: Any) -> None:
        if isinstance(frame.instance, kind) and exceeds(len(frame.instance), limit):
            frame.fail(keyword, limit)

    return check


maximum, minimum = _bound("maximum", gt), _bound("minimum", lt)
exclusive_maximum, exclusive_minimum = _bound("exclusiveMaximum", ge), _bound("exclusiveMinimum", le)
max_length, min_length = _size("maxLength", str, gt), _size("minLength", str, lt)
max_items, min_items = _size("maxItems", list, gt), _size("minItems", list, lt)
max_properties, min_properties = _size("maxProperties", dict, gt), _size("minProperties", dict, lt)


def maximum_4(frame: Frame, limit: Any) -> None:
    """Draft 4, where `exclusiveMaximum` is a flag."""
    value = frame.instance
    exclusive = frame.schema.get("exclusiveMaximum") is True
    if is_number(value) and (value >= limit if exclusive else value > limit):
        frame.fail("maximum", limit)


def minimum_4(frame: Frame, limit: Any) -> None:
    """Draft 4, where `exclusiveMinimum` is a flag."""
    value = frame.instance
    exclusive = frame.schema.get("exclusiveMinimum") is True
    if is_number(value) and (value <= limit if exclusive else value < limit):
        frame.fail("minimum", limit)


def multiple_of(frame: Frame, divisor: Any) -> None:
    if is_number(frame.instance):
        frame.spend(budget.of_dividing(frame.instance))
        if not is_multiple(frame.instance, divisor):
            frame.fail("multipleOf", divisor)


def is_multiple(value: Any, divisor: Any) -> bool:
    """Whether a number is a multiple of another, computed in floating point where the divisor has a fraction."""
    if isinstance(value, float) and not value < float("inf") > -value:
        return False
    try:
        if not isinstance(divisor, float):
            return not value % divisor
        quotient = value / divisor
        return bool(int(quotient) == quotient)
    except (ArithmeticError, TypeError):  # out of range of a double or a decimal
        from fractions import Fraction  # noqa: PLC0415 - rarely needed

        if not isinstance(value, Decimal):
            return not Fraction(value) % Fraction(divisor)
        numerator, denominator = Fraction(divisor).as_integer_ratio()
        return not _remainder(value, numerator) * denominator % numerator


def _remainder(value: Decimal, divisor: int) -> int:
    """For integers of any length, in linear time."""
    digits, rest = str(value.copy_abs()), 0
    for start in range(0, len(digits), 1_000):
        part = digits[start : start + 1_000]
        rest = (rest * 10 ** len(part) + int(part)) % divisor
    return rest


def pattern(frame: Frame, text: Any) -> None:
    if isinstance(frame.instance, str) and not frame.pattern(text)(frame.instance):
        frame.fail("pattern", text)


def format_(frame: Frame, name: Any) -> None:
    if isinstance(frame.instance, str) and not frame.format(name)(frame.instance):
        frame.fail("format", name)


def unique_items(frame: Frame, wanted: Any) -> None:
    if not wanted or not isinstance(frame.instance, list):
        return
    frame.spend(budget.of_comparing(frame.instance))
    if len(set(map(key_of, frame.instance))) != len(frame.instance):
        frame.fail("uniqueItems", wanted)


def required(frame: Frame, names: Any) -> None:
    if isinstance(frame.instance, dict):
        frame.spend(budget.of_names(len(names)))
        for name in names:
            if name not in frame.instance:
                frame.fail("required", names, missing=name)


def dependent_required(frame: Frame, wanted: Any) -> None:
    if isinstance(frame.instance, dict):
        frame.spend(budget.of_names(len(wanted)))
        for name, others in wanted.items():
            if name in frame.instance:
                frame.spend(budget.of_names(len(others)))
                for other in others:
                    if other not in frame.instance:
                        frame.fail("dependentRequired", wanted, missing=other)
