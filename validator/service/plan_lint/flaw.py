"""A likely mistake in a plan."""

from __future__ import annotations

from typing import NamedTuple


class Flaw(NamedTuple):
    """A likely mistake, before its place in a file is known.

    Attributes:
        code: The code of its rule.
        rule: The index of the plan rule.
        pointer: A JSON pointer into its schema.
        message: What is wrong.
        help: What to do about it.
    """

    code: str
    rule: int
    pointer: str
    message: str
    help: str
