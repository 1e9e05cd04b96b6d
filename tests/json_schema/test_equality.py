"""Equality of JSON values: by key, by looking up, and as `jsonschema` has it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from validator.engine.compile.value_checks import ValueCheck
from validator.json_schema import DIALECTS, Evaluator
from validator.json_schema.equality import Members, key_of

if TYPE_CHECKING:
    from collections.abc import Callable

# Few different values, so that drawn ones are often equal, and such that differ by little.
_SCALARS = st.sampled_from([
    *(None, True, False, 0, 1, -1, 0.0, -0.0, 1.0, 0.5, 2, 2.0),
    *(1e20, 10**20, 2**53, 2.0**53, 2**53 + 1, 1e300, 10**300),
    *("", "a", "1", "true", "null", "[]", "{}", "'", '"', "\ud800", "\x00", "a,b", "0x1", "a':0x1", "é", "e\u0301"),
])  # fmt: skip
_KEYS = st.sampled_from(["a", "b", "a':0x1", "'", '"', ""])
VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=6,
)


def equal(one: Any, other: Any) -> bool:
    """By `jsonschema`."""
    return bool(Draft202012Validator({"const": one}).is_valid(other))


def changed(value: Any) -> Any:
    """An equal value that is not the same: keys in another order, whole numbers with or without a fraction."""
    if isinstance(value, dict):
        return {key: changed(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return [changed(part) for part in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return float(value) if float(value) == value else value
    return int(value) if value.is_integer() else value


@given(VALUES, VALUES)
def test_keys_are_equal_where_jsonschema_finds_values_equal(one: Any, other: Any) -> None:
    assert (key_of(one) == key_of(other)) is equal(one, other)


@given(VALUES)
def test_what_is_written_otherwise_has_an_equal_key(value: Any) -> None:
    assert equal(value, changed(value))
    assert key_of(value) == key_of(changed(value))
    assert hash(key_of(value)) == hash(key_of(changed(value)))


@given(st.lists(VALUES, max_size=6), VALUES)
def test_looking_up_finds_what_comparing_one_by_one_finds(members: list[Any], value: Any) -> None:
    found = any(equal(member, value) for member in members)
    several = Members(members)
    assert (value in several) is found
    assert (value in several) is found, "the second time the keys are there"
    check = ValueCheck("/a", "enum", members)
    settled = check.settled(type(value))
    assert (check.test(type(value))(value) if settled is None else settled) is found


@given(st.lists(VALUES, max_size=6))
def test_the_elements_of_a_list_are_unique_where_jsonschema_finds_them_so(values: list[Any]) -> None:
    evaluator = Evaluator({"uniqueItems": True}, DIALECTS["https://json-schema.org/draft/2020-12/schema"])
    assert (not evaluator.breaches(values)) is Draft202012Validator({"uniqueItems": True}).is_valid(values)


LONG = "9" * 5_000
EQUAL: list[tuple[Any, Any, bool]] = [
    (Decimal(LONG), Decimal(LONG), True),
    (Decimal(LONG), -Decimal(LONG), False),
    (Decimal(LONG), Decimal(LONG) + 1, False),
    (Decimal("1" + "0" * 5_000), Decimal("1E+5000"), True),
    (10**5_000, Decimal("1" + "0" * 5_000), True),
    (10**5_000 + 1, Decimal("1" + "0" * 5_000), False),
    (10**3_950, Decimal("1" + "0" * 3_950), True),
    (10**3_800, Decimal("1" + "0" * 3_800), True),
    (Decimal("1.50"), 1.5, True),
    (Decimal("0.1"), 0.1, False),
    (Decimal("0.10"), Decimal("0.1"), True),
    (Decimal("-0"), 0, True),
    (Decimal("1.0"), True, False),
    ((1, 2), [1.0, 2], True),
    ([[1], 2], [[1, 2]], False),
    ({"a": [1, {"b": 2}]}, {"a": [1.0, {"b": 2.0}]}, True),
    ({"a": None}, {}, False),
    ("1", 1, False),
    (float("inf"), 1e308, False),
]


@pytest.mark.parametrize(("one", "other", "same"), EQUAL, ids=map(str, range(len(EQUAL))))
def test_numbers_of_any_size_and_kind(one: Any, other: Any, same: bool) -> None:
    assert (key_of(one) == key_of(other)) is same
    assert (one in Members([other])) is same


def _nested(make: Callable[[Any], Any], levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = make(value)
    return value


@pytest.mark.parametrize("make", [lambda v: [v], lambda v: {"a": v}, lambda v: [{"a": v}, v]])
def test_neither_making_nor_comparing_keys_recurses(make: Callable[[Any], Any]) -> None:
    levels = 10 if isinstance(make(0), list) and len(make(0)) == 2 else 5_000
    assert key_of(_nested(make, levels)) == key_of(_nested(make, levels))
    assert key_of(_nested(make, levels)) != key_of(_nested(make, levels + 1))


def test_hashes_cannot_be_made_to_collide() -> None:
    multiples = [(2**61 - 1) * n for n in range(200)]
    assert len({hash(key_of(value)) for value in multiples}) == 200
    assert len({hash(key_of([0, value])) for value in multiples}) == 200
