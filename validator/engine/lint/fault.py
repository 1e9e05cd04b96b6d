"""A fault: what a lint rule finds."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """What a lint rule finds in an input, a line or a call.

    Attributes:
        code: The code of the rule.
        location: A JSON pointer into the call, if the fault has a location; else empty.
    """

    code: str
    location: str = ""
