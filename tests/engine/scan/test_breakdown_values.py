"""Values as breakdowns name them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from validator.engine.decode.call import UNSET
from validator.engine.scan.breakdown_values import _LONGEST, label

LABELS: list[tuple[Any, str | None]] = [
    ("web", "web"),
    ("", None),
    ("x" * (_LONGEST + 1), "x" * _LONGEST),
    (True, "true"),
    (False, "false"),
    (0, "0"),
    (-7, "-7"),
    (10**20, "100000000000000000000"),
    (2.0, "2"),
    (2.5, "2.5"),
    (1e300, "1e+300"),
    (Decimal("1e400"), "1E+400"),
    (None, None),
    (UNSET, None),
    ([], None),
    ({"a": 1}, None),
]


@pytest.mark.parametrize(("value", "expected"), LABELS, ids=[repr(value)[:20] for value, _ in LABELS])
def test_scalars_have_labels_and_nothing_else_has(value: Any, expected: str | None) -> None:
    assert label(value) == expected
