"""Shortens values of calls for display."""

from __future__ import annotations

import json
from typing import Any

from validator.report.call_violations import NOTHING

# Longest value shown, in characters.
SHOWN = 80


def shown(value: Any) -> str | None:
    """A value as JSON text, shortened; None where there is none."""
    if value is NOTHING:
        return None
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
