"""Steps: what each kind of judging costs, to the step."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from validator.json_schema import budget

PARTS: list[tuple[Any, int, int]] = [
    (7, 99, 1),
    ("x" * 999, 99, 1),
    ("x" * 1_000, 99, 2),
    ("x" * 5_999, 99, 6),
    ([], 99, 1),
    ([1, [2, 3]], 99, 5),
    ({"a": [1, 2], "b": "x" * 2_000}, 99, 7),
    (Decimal("1e999"), 99, 1),
    (Decimal("1e5000"), 99, 6),
    ([1] * 100, 10, 11),
]


@pytest.mark.parametrize(("value", "most", "parts"), PARTS, ids=[str(value)[:20] for value, *_ in PARTS])
def test_parts_of_a_value(value: Any, most: int, parts: int) -> None:
    assert budget.parts_of(value, most) == parts


STEPS: list[tuple[int | None, int | None]] = [
    (budget.of_names(15), 0),
    (budget.of_names(33), 2),
    (budget.of_comparing("x" * 999), 0),
    (budget.of_comparing("x" * 5_000), 2),
    (budget.of_comparing([1, 2]), 1),
    (budget.of_comparing(7), 0),
    (budget.of_dividing(10**5_000), 0),
    (budget.of_dividing(Decimal("1e4000")), 10),
    (budget.of_searching("x" * 399, 1), 1),
    (budget.of_searching("x" * 100, 6), 3),
    (budget.longest_searched(1), None),
    (budget.longest_searched(19), None),
    (budget.longest_searched(20), 1_000_000),
    (budget.of_format("x" * 600, "date"), 60),
    (budget.of_format("x" * 600, "regex"), 60 + 1_200),
]


@pytest.mark.parametrize(("steps", "expected"), STEPS)
def test_steps(steps: int | None, expected: int | None) -> None:
    assert steps == expected


def test_each_call_begins_with_all_steps() -> None:
    one = budget.Budget()
    one.left -= 5
    one.begin()
    assert one.left == budget.Budget().left == budget.CALL_STEPS
