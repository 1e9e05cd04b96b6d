"""What a lint rule finds."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """Something that a lint rule finds of an input, a line or a call.

    Attributes:
        code: The code of the rule.
        location: A JSON pointer into the call, where a place is meant; else empty.
    """

    code: str
    location: str = ""
