"""Lint of tracking plans: names that are nearly the same."""

from __future__ import annotations

from validator.service.plan_lint.near_names import near


def test_near_names() -> None:
    assert list(near(["Order Completed", "order_completed", "Order Complete"])) == [
        ("Order Completed", "order_completed"),
        ("Order Completed", "Order Complete"),
    ]
    assert list(near(["line_1", "line_2", "Buy", "Bay"])) == []
    assert list(near(["product", "products"], plurals=True)) == []
