"""Recognises files that uclint wrote by their first bytes."""

from __future__ import annotations

from typing import Final

from validator.lazy_pattern import LazyPattern

HEAD: Final = 256
"""Number of first bytes that are enough."""

_OURS = LazyPattern(
    rb'\{\s*"(report|baseline|profile|checklist|recommendation)_version"\s*:\s*[0-9]+\s*,\s*"(?:uclint|use_cases)"\s*:'
)
_REPORT_LINE = LazyPattern(rb'\{"code": "[A-Z]{2}[0-9]{3}", "rule": "')


def kind_of(head: bytes) -> str | None:
    """What uclint wrote: `report`, `baseline`, `profile`, `checklist` or `recommendation`; None if it did not."""
    if found := _OURS.match(head):
        return found[1].decode()
    return "report" if _REPORT_LINE.match(head) else None
