"""How the native core classes values: so finely that the checks of a place find the same in all values of a class."""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from validator.engine.compile.value_checks import INTEGER, ITEMS, SCHEMA, SEARCHED
from validator.engine.scan.native_shapes import Shape, shape_of
from validator.json_schema.budget import longest_searched
from validator.json_schema.byte_automaton import automaton_of
from validator.json_schema.regex_weight import weight_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from validator.engine.compile.value_checks import ValueCheck

_BOUNDS: Final = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"))
_MEMBERS: Final = frozenset(("enum", "const"))

# Numbers up to this one are exact in the core, and lengths have to fit its integers.
_EXACT: Final = 2**53
_LONGEST: Final = 2**31

_MOST_PATTERNS: Final = 32


class ValueTests(NamedTuple):
    """How values are classed.

    Attributes:
        cuts: Numbers are classed by their position among these, and by whether they are whole; None where only the
            exact number decides.
        lengths: Texts are classed by how many of these lengths they reach; None where only the exact text decides.
        patterns: Texts are also classed by which of these patterns they match.
        items: Whether arrays are classed by the types of their elements.
        objects: The shape of objects that are certainly fine; others are left to Python.
        arrays: The same for arrays.
    """

    cuts: tuple[float, ...] | None
    lengths: tuple[int, ...] | None
    patterns: tuple[str, ...] = ()
    items: bool = False
    objects: Shape | None = None
    arrays: Shape | None = None


BY_BYTES: Final = ValueTests(None, None)
"""Only the exact value decides."""


@lru_cache(maxsize=1024)
def tests_of(checks: tuple[ValueCheck, ...]) -> ValueTests:
    """How the values at a place are classed for its checks."""
    lengths, patterns = _texts([check for check in checks if check.settled(str) is None])
    of_lists = [check for check in checks if check.settled(list) is None]
    return ValueTests(
        _cuts([check for check in checks if check.settled(float) is None or check.settled(int) is None]),
        lengths,
        patterns,
        bool(of_lists) and all(check.keyword == ITEMS for check in of_lists),
        _shape([check for check in checks if check.settled(dict) is None], "object"),
        _shape(of_lists, "array"),
    )


def _shape(checks: Sequence[ValueCheck], json_type: str) -> Shape | None:
    """The shape of values in which a single check by a schema certainly finds nothing."""
    if len(checks) != 1 or checks[0].keyword != SCHEMA:
        return None
    schema, elsewhere = checks[0].argument[:2]
    return shape_of(schema, json_type) if elsewhere is None else None


def _cuts(checks: Iterable[ValueCheck]) -> tuple[float, ...] | None:
    found: set[float] = set()
    for check in checks:
        if check.keyword in _BOUNDS:
            members: list[Any] = [check.argument]
        elif check.keyword in _MEMBERS:
            allowed = check.argument if check.keyword == "enum" else [check.argument]
            members = [member for member in allowed if type(member) in (int, float)]
        elif check.keyword == INTEGER:
            continue
        else:
            return None
        if any(type(member) not in (int, float) or not abs(member) <= _EXACT for member in members):
            return None
        found.update(map(float, members))
    return tuple(sorted(found))


def _texts(checks: Iterable[ValueCheck]) -> tuple[tuple[int, ...] | None, tuple[str, ...]]:
    """The lengths and patterns by which texts are classed; None where only the exact text decides."""
    lengths, patterns = set[int](), dict[str, None]()
    for check in checks:
        if check.keyword == "minLength":
            length = ceil(check.argument)
        elif check.keyword in ("maxLength", SEARCHED):
            length = int(check.argument) + 1
        elif check.keyword == "pattern" and automaton_of(check.argument):
            patterns[check.argument] = None
            length = (longest_searched(weight_of(check.argument)) or 0) + 1  # longer texts are not searched
        else:
            return None, ()
        if length >= _LONGEST:
            return None, ()
        lengths.add(max(0, length))
    return (tuple(sorted(lengths)), tuple(patterns)) if len(patterns) <= _MOST_PATTERNS else (None, ())
