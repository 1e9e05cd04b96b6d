"""Quick tests: a strict decoder checks in one step whether all properties of a call are fine.

A quick test may be undecided: such calls are then checked key by key.
"""

from __future__ import annotations

import collections
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import msgspec

from validator.engine.decode.call import UNSET, Value
from validator.engine.scan.strict_types import StrictType, plain_type, strict_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from validator.engine.compile.tables import Table
    from validator.engine.lint import Fault

    Test = Callable[[Any], Any]
    Tests = tuple[Callable[[Any], bool], ...]

# Counts the elements of an iterable in a dict, in C.
_count_into: Callable[[dict[str, int], Iterable[str]], None] = collections._count_elements  # type: ignore[attr-defined]

# Properties of this many bytes have too few values to exceed the steps of the evaluator.
_SMALL = 16 * 1024

_decode_keys = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class QuickTest(NamedTuple):
    """A quick test.

    Attributes:
        test: Takes the bytes of properties and returns the decoded keys. If undecided, it raises what a
            decoder raises, or returns something false.
        joint: Property key that is judged jointly with other places -> its attribute in the result of `test`.
        count_keys: Counts keys that no plan names, once everything else is fine; if one is new, it counts nothing and
            returns False.
    """

    test: Callable[[Any], Any]
    joint: Mapping[str, str] = {}
    count_keys: Callable[[Any], bool] | None = None


def quick_tests(
    table: Table, currencies: frozenset[str], further: dict[str, int], sample: Iterable[str]
) -> Iterator[QuickTest]:
    """The quick tests of a table, the fastest first.

    Args:
        table: The table.
        currencies: The texts that are currencies.
        further: The counts of keys that no plan names. A new key is not counted: its call is checked key by
            key, which finds its place.
        sample: Keys in the order of some call: decoding is faster in this order.
    """
    if table.open or table.fault:
        return
    if not table.counts_further_keys:
        yield from strict_test(table, currencies, closed=False, sample=tuple(sample))
        return
    if table.named:
        yield from strict_test(table, currencies, closed=True, sample=tuple(sample))
    if table.judges_further_keys:
        return
    if not (table.named or table.joint):  # then counting is all that is left
        yield QuickTest(_counting(further, frozenset(table.reserved)))
    for strict in strict_test(table, currencies, closed=False, sample=tuple(sample)):
        yield strict._replace(count_keys=_counter(further))


_made: WeakKeyDictionary[Table, dict[bool, tuple[QuickTest, ...]]] = WeakKeyDictionary()


def strict_test(
    table: Table, currencies: frozenset[str], *, closed: bool, sample: tuple[str, ...]
) -> tuple[QuickTest, ...]:
    """The test by a strict decoder, made once for a table; empty if none can be made.

    Args:
        table: The table.
        currencies: The texts that are currencies.
        closed: Whether it rejects all keys except those that some plan names and every rule allows; else it skips them.
        sample: See `quick_tests`.
    """
    made = _made.setdefault(table, {})
    if closed not in made:
        fields = _fields(table, currencies, sample)
        usable = None if fields is None else (_allowed_alone if closed else _skipping)(table, fields)
        made[closed] = () if usable is None else tuple(_strict(usable, closed=closed))
    return made[closed]


def _allowed_alone(table: Table, fields: Mapping[str, _Field]) -> list[_Field] | None:
    """The keys that every rule allows; None if another one is required."""
    closed = table.rules.closed
    allowed = [key for key in fields if key in table.named and all(key in known for known in closed)]
    if any(field.required for key, field in fields.items() if key not in allowed):
        return None
    return [fields[key] for key in allowed]


def _skipping(table: Table, fields: Mapping[str, _Field]) -> list[_Field] | None:
    """The keys, if all other keys are fine."""
    return list(fields.values()) if all(key in fields for key in table.keys) else None


class _Field:
    """A key of the properties in a strict decoder."""

    def __init__(self, key: str, strict: StrictType, *, required: bool, joint: bool = False) -> None:
        self.key = key
        self.strict = strict
        self.required = required
        self.joint = joint


def _fields(table: Table, currencies: frozenset[str], sample: tuple[str, ...]) -> dict[str, _Field] | None:
    """The keys that a strict decoder reads; None if nothing would ever be fine."""
    found: dict[str, _Field] = {}
    for key, planned in table.keys.items():
        strict = strict_type(table.fitting(planned), planned.checks)
        if strict is not None:
            found[key] = _Field(key, strict, required=planned.required)
        elif planned.required:
            return None
    for key, faults in table.reserved.items():
        found[key] = _Field(key, _reserved(table, key, faults, currencies), required=False)
    for key, deep in table.joint_keys.items():
        found[key] = _Field(key, StrictType(Any if deep else Value), required=False, joint=True)
    order = {key: number for number, key in enumerate(sample)}
    return dict(sorted(found.items(), key=lambda item: order.get(item[0], len(order))))


def _reserved(table: Table, key: str, faults: Mapping[str, Fault | None], currencies: frozenset[str]) -> StrictType:
    fine = [json_type for json_type, fault in faults.items() if fault is None]
    if "string" in fine and table.lint.unknown_currency(table.key.type, key):
        fine.remove("string")
        return StrictType(_one_of(currencies) | plain_type(fine))
    return StrictType(plain_type(fine))


@lru_cache(maxsize=1)
def _one_of(texts: frozenset[str]) -> Any:
    """The type of a text from a long list: for a `Literal`, msgspec would process every member in every struct."""
    return Enum("Text", [(f"text_{number}", text) for number, text in enumerate(sorted(texts))])


def _strict(fields: Iterable[_Field], *, closed: bool) -> Iterator[QuickTest]:
    """The test by a strict decoder; empty if it cannot look for a key's name."""
    attributes = {f"key_{number}": field for number, field in enumerate(fields)}
    members: list[Any] = [
        (name, field.strict.type) if field.required else (name, field.strict.type | msgspec.UnsetType, UNSET)
        for name, field in attributes.items()
    ]
    rename = {name: field.key for name, field in attributes.items()}
    try:
        struct = msgspec.defstruct(
            "Strict", members, rename=rename, gc=False, eq=False, kw_only=True, forbid_unknown_fields=closed
        )
        decode = msgspec.json.Decoder(struct).decode
    except (TypeError, ValueError):  # a name that no decoder can look for, or types that it cannot distinguish
        return
    tests = [(attrgetter(name), field.strict.tests) for name, field in attributes.items() if field.strict.tests]
    joint = {field.key: name for name, field in attributes.items() if field.joint}
    test = _tested(decode, tests) if tests else decode
    nested = any(field.strict.nested for field in attributes.values())
    yield QuickTest(_of_small(test) if nested else test, joint)


def _of_small(test: Test) -> Test:
    """The test of properties that the evaluator can certainly judge within its limit of steps."""
    return lambda properties: test(properties) if memoryview(properties).nbytes <= _SMALL else None


def _tested(decode: Test, tests: Iterable[tuple[Callable[[Any], Any], Mapping[type, Tests]]]) -> Test:
    """The test by a strict decoder, followed by tests of single values."""
    steps = [(read, kind, passes) for read, by_type in tests for kind, many in by_type.items() for passes in many]

    def test(properties: Any) -> Any:
        decoded = decode(properties)
        for read, kind, passes in steps:
            value = read(decoded)
            if value.__class__ is kind and not passes(value):
                return None
        return decoded

    return test


def _counting(further: dict[str, int], judged: frozenset[str]) -> Test:
    """The test of calls that are fine if they lack certain keys."""

    def test(properties: Any) -> bool:
        keys = _decode_keys(properties)
        return judged.isdisjoint(keys) and _counted(further, keys)

    return test


def _counter(further: dict[str, int]) -> Callable[[Any], bool]:
    """Counts the keys of properties, including those that plans name, whose counts are not used."""
    return lambda properties: _counted(further, _decode_keys(properties))


def _counted(further: dict[str, int], keys: Mapping[str, Any]) -> bool:
    """Counts keys; if one is new, counts nothing and returns False."""
    known = len(further)
    _count_into(further, keys)
    if len(further) == known:
        return True
    while len(further) > known:
        further.popitem()  # the new ones came last
    for key in keys.keys() & further.keys():
        further[key] -= 1
    return False
