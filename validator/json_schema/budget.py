"""The budget of an evaluation, counted in steps, not time, so that results do not depend on the machine or its load.

A step is about the cost of applying one small schema to one value: a few microseconds.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

# Steps for one value: some hundred times what real plans need for a call. More is adversarial.
VALUE_STEPS = 100_000

# Steps for all values of a call together.
CALL_STEPS = 400_000

# The amount of other work that counts as one step: parts of a value compared, names looked up, digits divided,
# characters of a text checked for a format, and characters times the weight of a pattern (see `regex_weight`).
_PARTS = 3
_NAMES = 16
_DIGITS = 400
_FORMATTED = 10
_SEARCHED = 200

# Following a reference, in addition to applying its target.
REFERENCE = 8

# Reporting a violation.
FINDING = 15

# Formats whose checks take more than linear time.
SLOW = frozenset(["regex"])

# Python compiles a text to check that it is a regular expression, in time quadratic in its length.
_COMPILED = 300

# Texts can be longer only if the line length limit is raised.
_LONGEST = 1 << 20

# Characters of a number or text that count as one more part.
_LONG = 1_000


class ExceededError(Exception):
    """The evaluation of a value exceeds its budget."""


class Budget:
    """The remaining budget of a call.

    Attributes:
        left: Remaining steps.
    """

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = CALL_STEPS

    def begin(self) -> None:
        """Starts the next call."""
        self.left = CALL_STEPS


def of_names(count: int) -> int:
    """Steps for looking up names."""
    return count // _NAMES


def of_comparing(value: Any) -> int:
    """Steps for comparing a value with others."""
    if type(value) is str and len(value) < _LONG:
        return 0
    return parts_of(value, _PARTS * VALUE_STEPS) // _PARTS


def of_dividing(value: Any) -> int:
    """Steps for dividing a number."""
    return value.adjusted() // _DIGITS if isinstance(value, Decimal) else 0


def of_searching(text: str, weight: int) -> int:
    """Steps for searching a text for a pattern of some weight."""
    return len(text) * weight // _SEARCHED


def longest_searched(weight: int) -> int | None:
    """The longest text that may be searched for a pattern of some weight; None for no limit."""
    longest = VALUE_STEPS * _SEARCHED // weight
    return longest if longest < _LONGEST else None


def of_format(text: str, name: str) -> int:
    """Steps for checking the format of a text."""
    return len(text) // _FORMATTED + (len(text) ** 2 // _COMPILED if name in SLOW else 0)


def parts_of(value: Any, most: int) -> int:
    """Counts the parts of a value, up to a maximum."""
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
