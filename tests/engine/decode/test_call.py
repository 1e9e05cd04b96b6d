"""What a call holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from validator.engine.decode.call import UNSET, is_id

VALUES: list[tuple[Any, bool]] = [
    ("u-1", True),
    (" ", True),
    (7, True),
    (0.5, True),
    (Decimal("1e400"), True),
    ("", False),
    (0, False),
    (True, False),
    (None, False),
    (UNSET, False),
    ({"id": 1}, False),
    (["u-1"], False),
]


@pytest.mark.parametrize(("value", "identifies"), VALUES, ids=[repr(value) for value, _ in VALUES])
def test_text_that_is_not_empty_and_numbers_identify_somebody(value: Any, *, identifies: bool) -> None:
    assert is_id(value) is identifies
