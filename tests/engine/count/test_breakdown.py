"""The groups of a breakdown add up, and stay bounded."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from validator.engine.count import breakdown
from validator.engine.count.breakdown import Group, Groups
from validator.engine.lint import Fault

if TYPE_CHECKING:
    from validator.engine.judge.violation import Identity

ONE: Identity = ("TP202", "Paid", "n", "/properties/n", "type")
TWO: Identity = ("TP201", "Paid", None, "/properties", "required")
ODD, LARGE = Fault("SP303"), Fault("SP307", "/properties")


def group(calls: int, invalid: int, *found: Identity | Fault) -> Group:
    findings = Counter(one for one in found if not isinstance(one, Fault))
    return Group(calls, invalid, findings, Counter(one for one in found if isinstance(one, Fault)))


def test_every_count_of_two_groups_is_added() -> None:
    sum_of = group(3, 1, ONE, ODD)
    sum_of.merge(group(4, 2, ONE, TWO, ODD, LARGE))
    assert sum_of == Group(7, 3, Counter({ONE: 2, TWO: 1}), Counter({ODD: 2, LARGE: 1}))


def test_groups_of_one_value_are_added_and_others_put_beside_them() -> None:
    first = Groups({"a": group(1, 0), None: group(2, 1, ONE)}, group(5, 5, TWO))
    first.merge(Groups({"a": group(3, 3, ODD), "b": group(4, 0)}, group(1, 0, LARGE)))
    assert first.named == {"a": group(4, 3, ODD), None: group(2, 1, ONE), "b": group(4, 0)}
    assert first.others == group(6, 5, TWO, LARGE)


@pytest.mark.parametrize("values", [3, 4, 30])
def test_so_many_values_are_kept_by_name_and_the_calls_of_all_others_in_one(
    values: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breakdown, "MOST", 3)
    kept = []
    for order in (1, -1):
        groups = Groups()
        for number in range(values)[::order]:
            groups.of(f"v{number}").merge(group(1, 1, ONE))
        groups.of(None).merge(group(2, 0, ODD))
        assert len(groups.named) <= 6
        groups.bound()
        assert len(groups.named) == 3
        assert groups.named[None] == group(2, 0, ODD), "what has no value is always kept"
        assert groups.others.calls == groups.others.invalid == groups.others.findings[ONE] == values - 2
        kept.append(groups.named)
    assert kept[0] == kept[1]
