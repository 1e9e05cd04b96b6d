"""How the native core classes values: so finely that the checks of a place find the same in all values of a class."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from validator.engine.compile.value_checks import INTEGER, ITEMS, SEARCHED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.engine.compile.value_checks import ValueCheck

_BOUNDS: Final = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"))
_MEMBERS: Final = frozenset(("enum", "const"))

# Numbers up to this one are exact in the core, and lengths have to fit its integers.
_EXACT: Final = 2**53
_LONGEST: Final = 2**31


class ValueTests(NamedTuple):
    """How values are classed.

    Attributes:
        cuts: Numbers are classed by where they stand among these, and by whether they are whole; None where only the
            very number tells.
        lengths: Texts are classed by how many of these lengths they reach; None where only the very text tells.
        items: Whether arrays are classed by the types of their elements; otherwise they are Python's.
    """

    cuts: tuple[float, ...] | None
    lengths: tuple[int, ...] | None
    items: bool


BY_BYTES: Final = ValueTests(None, None, items=False)
"""Only the very value tells."""


def tests_of(checks: Iterable[ValueCheck]) -> ValueTests:
    """How the values at a place are classed for its checks."""
    checks = tuple(checks)
    return ValueTests(
        _cuts([check for check in checks if check.settled(float) is None or check.settled(int) is None]),
        _lengths([check for check in checks if check.settled(str) is None]),
        all(check.keyword == ITEMS for check in checks if check.settled(list) is None),
    )


def _cuts(checks: Iterable[ValueCheck]) -> tuple[float, ...] | None:
    found: set[float] = set()
    for check in checks:
        if check.keyword in _BOUNDS:
            members: list[Any] = [check.argument]
        elif check.keyword in _MEMBERS:
            allowed = check.argument if check.keyword == "enum" else [check.argument]
            members = [member for member in allowed if type(member) in (int, float)]
        elif check.keyword == INTEGER:
            continue
        else:
            return None
        if any(type(member) not in (int, float) or not abs(member) <= _EXACT for member in members):
            return None
        found.update(map(float, members))
    return tuple(sorted(found))


def _lengths(checks: Iterable[ValueCheck]) -> tuple[int, ...] | None:
    found: set[int] = set()
    for check in checks:
        if check.keyword == "minLength":
            length = ceil(check.argument)
        elif check.keyword in ("maxLength", SEARCHED):
            length = int(check.argument) + 1
        else:
            return None
        if length >= _LONGEST:
            return None
        found.add(max(0, length))
    return tuple(sorted(found))
