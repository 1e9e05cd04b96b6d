"""Checks that need the value, not only its type."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from validator.engine.decode.call import JSON_TYPE_OF, Skipped
from validator.json_schema.assertions import is_multiple
from validator.json_schema.budget import FINDING, longest_searched, parts_of
from validator.json_schema.equality import Members
from validator.json_schema.evaluator import EXCEEDED, Breach, pointer_of
from validator.json_schema.regex import search
from validator.json_schema.regex_weight import weight_of
from validator.json_schema.value_types import type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Hashable, Iterable, Iterator

    from validator.json_schema.budget import Budget
    from validator.json_schema.evaluator import Evaluator, Location, Path

INTEGER = "integer"
ITEMS = "items"
SEARCHED = "searched"
SCHEMA = "schema"

# Distinct faults in a value; further ones are ignored.
_MOST_FOUND = 5_000

NUMBERS = frozenset((int, float, Decimal))
TEXTS = frozenset((str,))
LISTS = frozenset((list,))
OBJECTS = frozenset((dict, Skipped))
EVERYTHING = frozenset(JSON_TYPE_OF)

_TYPES = dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), NUMBERS)
_TYPES |= dict.fromkeys(("minLength", "maxLength", "pattern", "format", SEARCHED), TEXTS)
_TYPES |= dict.fromkeys(("minItems", "maxItems", ITEMS), LISTS)
_TYPES |= {INTEGER: frozenset((float,))}


# This many characters of a text are enough to tell it from a shorter one.
_BEGINNING = 200

# Longest content of an id that is not hashed: the library for hashing is slow to import.
_SHORT = 120


class Found(NamedTuple):
    """What a check by a whole schema found, without values of the call.

    Attributes:
        location: JSON pointer below the place of the check; `*` for any element, and for any key that the schema does
            not name, as their number is unbounded.
        keyword: The keyword that fails.
        where: JSON pointer of the keyword in the plan rule's schema.
        missing: The name that is missing.
        got: The JSON type of the value that fails.
        wanted: The keyword's value in the plan as JSON text; empty if long.
        branch: For `anyOf` and `oneOf`: what the closest branch finds.
    """

    location: str
    keyword: str
    where: str
    missing: str | None
    got: str
    wanted: str
    branch: tuple[Found, ...] = ()


class Failed(NamedTuple):
    """A check that a value fails.

    Attributes:
        check: The id of the check.
        found: For a check by a whole schema, one thing it found.
    """

    check: str
    found: Found | None = None


class ValueCheck:
    """A check of the value at one place. Checks with the same `id` are equal.

    Args:
        place: JSON pointer.
        keyword: A keyword, or `integer` (a float must be a whole number), `items` (the elements' types), `searched` (a
            text may not be longer to be searched for the pattern beside it) or `schema`.
        argument: The keyword's value; for `items` the JSON types, for `schema` its identity.
        reported: The keyword in reports, if it is another one.
        where: Path of keys to the keyword in the plan rule's schema.
        evaluator: For `schema`: the evaluator.
        types: For `schema`: the Python types of values that need it.
    """

    __slots__ = ("_evaluator", "_members", "_types", "argument", "id", "keyword", "place", "reported", "where")

    def __init__(
        self,
        place: str,
        keyword: str,
        argument: Any,
        *,
        reported: str | None = None,
        where: Path = (),
        evaluator: Evaluator | None = None,
        types: frozenset[type] | None = None,
    ) -> None:
        self.place = place
        self.keyword = keyword
        self.argument = argument
        self.reported = keyword if reported is None else reported
        self.where = where
        self._evaluator = evaluator
        self._members: _Members | None = None
        self._types = _TYPES.get(keyword, EVERYTHING) if types is None else types
        content = json.dumps([place, argument, self.reported], sort_keys=True, default=str)
        self.id = f"{keyword} {' '.join(place.split())} {content if len(content) <= _SHORT else _digest(content)}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ValueCheck) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def deep(self) -> bool:
        """Whether it looks into objects or arrays."""
        if self.keyword in ("enum", "const"):
            return self.members.any_of(LISTS | OBJECTS)
        return self.keyword == SCHEMA

    @property
    def looks_into(self) -> bool:
        """Whether it distinguishes texts, arrays or numbers with the same beginning of any length."""
        if self.keyword == ITEMS:
            return INTEGER in self.argument and "number" not in self.argument
        if self.keyword in ("minLength", "maxLength"):
            return bool(self.argument > _BEGINNING)
        if self.keyword in ("enum", "const"):
            return self.deep or any(len(str(member)) > _BEGINNING for member in self._allowed)
        return self.keyword not in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", INTEGER)

    @property
    def members(self) -> _Members:
        """For `enum` and `const`: the values that are allowed."""
        if self._members is None:
            self._members = _Members(self._allowed)
        return self._members

    @property
    def _allowed(self) -> list[Any]:
        return self.argument if self.keyword == "enum" else [self.argument]

    def settled(self, kind: type) -> bool | None:
        """Whether all values of a Python type pass (True) or fail (False); None if it depends on the value."""
        if self.keyword in ("enum", "const"):
            return self.members.settled(kind)
        return None if kind in self._types else True

    def test(self, kind: type) -> Callable[[Any], bool]:
        """The test for a Python type that is not settled; not for `schema` (see `found`)."""
        if self.keyword in ("enum", "const"):
            return self.members.like(kind).__contains__
        return _TESTS[self.keyword](self.argument)

    def breaches(self, value: Any, budget: Budget | None = None) -> list[Breach]:
        """The violations by a whole schema, unchanged."""
        assert self._evaluator is not None  # noqa: S101 - a check of a schema has one
        return self._evaluator.breaches(value, budget)

    def found(self, value: Any, budget: Budget) -> list[Failed]:
        """The violations by a whole schema, each once."""
        breaches = self.breaches(value, budget)
        distinct = list({_likeness(breach): breach for breach in breaches}.values())
        budget.left -= FINDING * len(distinct)
        if len(distinct) > _MOST_FOUND:
            distinct = [Breach((), EXCEEDED, self.where, None, value)]
        return [Failed(self.id, found) for found in dict.fromkeys(map(_found_of, distinct))]


class _Members:
    """The values that `enum` or `const` allows, by the Python types that could equal them."""

    def __init__(self, values: Iterable[Any]) -> None:
        by_kind: dict[frozenset[type], list[Any]] = {}
        for value in values:
            by_kind.setdefault(_kinds(type(value)), []).append(value)
        self._like = {kinds: Members(like) for kinds, like in by_kind.items()}
        self._booleans = len(set(by_kind.get(_kinds(bool), ())))
        self.texts = frozenset(by_kind.get(TEXTS, ()))

    def any_of(self, kinds: frozenset[type]) -> bool:
        """Whether there are any of these types."""
        return any(not kinds.isdisjoint(those) for those in self._like)

    def settled(self, kind: type) -> bool | None:
        """Whether all values of a Python type are among them (True) or none (False); None if the value decides."""
        if _kinds(kind) not in self._like:
            return False
        return True if kind is type(None) or (kind is bool and self._booleans == 2) else None

    def like(self, kind: type) -> Container[Any]:
        """The values that a value of a Python type could equal."""
        return self.texts if kind is str else self._like[_kinds(kind)]


def _kinds(kind: type) -> frozenset[type]:
    return next((group for group in (NUMBERS, OBJECTS) if kind in group), frozenset((kind,)))


def items_test(types: Iterable[str]) -> Callable[[list[Any]], bool]:
    """The test of whether all elements have one of the JSON types."""
    names = frozenset(types)
    certain = frozenset(python for python, json_type in JSON_TYPE_OF.items() if json_type in names)
    return lambda items: certain.issuperset(map(type, items)) or all(has_type(item, names) for item in items)


def _pattern_test(pattern: str) -> Callable[[str], bool]:
    holds, longest = search(pattern), longest_searched(weight_of(pattern))
    return holds if longest is None else lambda text: len(text) > longest or holds(text)


def _format_test(name: str) -> Callable[[str], bool]:
    from validator.json_schema.formats import FORMATS  # noqa: PLC0415 - few plans have formats

    return FORMATS[name]


# Keyword -> function that makes the test from the keyword's value.
_TESTS: dict[str, Callable[[Any], Callable[[Any], bool]]] = {
    "minimum": lambda least: lambda value: value >= least,
    "maximum": lambda most: lambda value: value <= most,
    "exclusiveMinimum": lambda bound: lambda value: value > bound,
    "exclusiveMaximum": lambda bound: lambda value: value < bound,
    "multipleOf": lambda divisor: lambda value: is_multiple(value, divisor),
    "minLength": lambda least: lambda value: len(value) >= least,
    "maxLength": lambda most: lambda value: len(value) <= most,
    "pattern": _pattern_test,
    SEARCHED: lambda longest: lambda value: len(value) <= longest,
    "format": _format_test,
    "minItems": lambda least: lambda value: len(value) >= least,
    "maxItems": lambda most: lambda value: len(value) <= most,
    INTEGER: lambda _: float.is_integer,
    ITEMS: items_test,
}


def has_type(value: Any, types: frozenset[str]) -> bool:
    """Whether a decoded value has one of the JSON types: 3.0 is an integer, an integer is a number, true is neither."""
    own = JSON_TYPE_OF[type(value)]
    if own in types:
        return True
    if own == "integer":
        return "number" in types
    return own == "number" and "integer" in types and value.is_integer()


# Longer keyword values are not repeated in messages.
_LONGEST_SHOWN = 300


def shortened(argument: Any) -> str:
    """A keyword's value as JSON text; empty if long."""
    if parts_of(argument, _LONGEST_SHOWN) > _LONGEST_SHOWN:
        return ""
    text = json.dumps(argument, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_SHOWN else ""


def _likeness(breach: Breach) -> Hashable:
    """The identity of violations that are reported as one."""
    if breach.branches:
        return id(breach)
    return _outline(breach.location), breach.keyword, breach.where, breach.missing, type(breach.value)


def _outline(location: Location) -> tuple[str, ...]:
    """A location without the parts that differ from call to call."""
    return tuple(key if isinstance(key, str) else "*" for key in location)


def _found_of(breach: Breach) -> Found:
    location = pointer_of(_outline(breach.location))
    applies_schemas = breach.keyword in ("anyOf", "oneOf", "not", "contains")
    wanted = "" if applies_schemas else shortened(breach.argument)
    closest = {_found_of(inner)._replace(branch=()) for inner in _closest(breach)}
    return Found(
        location,
        breach.keyword,
        pointer_of(breach.where),
        breach.missing,
        type_name(breach.value),
        wanted,
        tuple(sorted(closest, key=repr)[:3]),
    )


def _closest(breach: Breach) -> tuple[Breach, ...]:
    """The violations of the closest branch: of the right type, with the fewest faults."""
    failing = [branch for branch in breach.branches if branch]
    if not failing or len(failing) < len(breach.branches):
        return ()

    def distance(branch: tuple[Breach, ...]) -> tuple[bool, int]:
        top = len(breach.location)
        wrong_type = any(len(inner.location) == top and inner.keyword == "type" for inner in branch)
        return wrong_type, len(branch)

    return min(failing, key=distance)


def spotted(check: ValueCheck, value: Any) -> Iterator[tuple[Found, str, tuple[str, ...]]]:
    """What a check of a schema or of elements finds in a value, with exact locations and the keys concerned."""
    if check.keyword == ITEMS:
        types = frozenset(check.argument)
        for number, item in enumerate(value if isinstance(value, list) else ()):
            if not has_type(item, types):
                found = Found("/*", "type", pointer_of(check.where), None, type_name(item), shortened(check.argument))
                yield found, f"{check.place}/{number}", ()
        return
    for breach in check.breaches(value):
        yield _found_of(breach), check.place + pointer_of(breach.location), breach.names


def _digest(text: str) -> str:
    from hashlib import blake2b  # noqa: PLC0415 - see _SHORT

    return blake2b(text.encode(), digest_size=8).hexdigest()
