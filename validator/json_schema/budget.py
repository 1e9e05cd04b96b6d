"""What judging may take: counted in steps and never in time, so that every run and every machine says the same.

A step is about as much as applying one small schema to one value: some microseconds.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

# Steps for one value: some hundred times what plans in use ask of a call. What takes more was made to take long.
VALUE_STEPS = 100_000

# Steps for all values of a call together.
CALL_STEPS = 400_000

# What else costs a step: so many parts of a value that are compared, names that are looked up, digits that are divided,
# characters of a text in a format, and characters times weight of a pattern (see `regex_weight`).
_PARTS = 3
_NAMES = 16
_DIGITS = 400
_FORMATTED = 10
_SEARCHED = 200

# Following a reference, besides applying what it leads to.
REFERENCE = 8

# Telling what is wrong, for each thing that is.
FINDING = 15

# The formats whose checks take more than time linear in the text.
SLOW = frozenset(["regex"])

# Python compiles a text to see whether it is a regular expression: its time grows with the square of the length.
_COMPILED = 300

# No text is longer, unless the limit of a line is raised.
_LONGEST = 1 << 20

# A number or text of that many characters counts as one more part.
_LONG = 1_000


class ExceededError(Exception):
    """Judging a value takes more steps than it may."""


class Budget:
    """What is left for a call.

    Attributes:
        left: In steps.
    """

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = CALL_STEPS

    def begin(self) -> None:
        """The next call begins."""
        self.left = CALL_STEPS


def of_names(count: int) -> int:
    """The steps of looking up so many names."""
    return count // _NAMES


def of_comparing(value: Any) -> int:
    """The steps of comparing a value with others, as far as they matter."""
    if type(value) is str and len(value) < _LONG:
        return 0
    return parts_of(value, _PARTS * VALUE_STEPS) // _PARTS


def of_dividing(value: Any) -> int:
    """The steps of dividing a number."""
    return value.adjusted() // _DIGITS if isinstance(value, Decimal) else 0


def of_searching(text: str, weight: int) -> int:
    """The steps of searching a text for a pattern of some weight."""
    return len(text) * weight // _SEARCHED


def longest_searched(weight: int) -> int | None:
    """The length of the longest text that may be searched for a pattern of some weight; None where any may."""
    longest = VALUE_STEPS * _SEARCHED // weight
    return longest if longest < _LONGEST else None


def of_format(text: str, name: str) -> int:
    """The steps of checking the format of a text."""
    return len(text) // _FORMATTED + (len(text) ** 2 // _COMPILED if name in SLOW else 0)


def parts_of(value: Any, most: int) -> int:
    """How many parts a value has, counted no further than asked."""
    total, waiting = 0, [value]
    while waiting and total <= most:
        node = waiting.pop()
        total += 1
        if isinstance(node, dict):
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
        elif isinstance(node, str):
            total += len(node) // _LONG
        elif isinstance(node, Decimal):
            total += node.adjusted() // _LONG
    return total
