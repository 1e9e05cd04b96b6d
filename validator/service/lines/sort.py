"""The sorts of lines that a check can write apart."""

from __future__ import annotations

from enum import StrEnum


class Sort(StrEnum):
    """The sort of a line."""

    VALID = "valid"
    INVALID = "invalid"
    REJECTS = "rejects"
