"""Checks that need the value, not only its type. They run per call, and only where a shape leaves them open."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from validator.engine.decode import JSON_TYPE_OF, Skipped
from validator.json_schema.assertions import is_multiple
from validator.json_schema.equality import same, type_name
from validator.json_schema.evaluator import pointer_of
from validator.json_schema.regex import search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from validator.json_schema.evaluator import Breach, Evaluator, Path

INTEGER = "integer"
ITEMS = "items"
SCHEMA = "schema"

# What stands between the id of a check of a whole schema and what it found.
FOUND = "\n"

NUMBERS = frozenset((int, float, Decimal))
TEXTS = frozenset((str,))
LISTS = frozenset((list,))
OBJECTS = frozenset((dict, Skipped))
EVERYTHING = frozenset(JSON_TYPE_OF)

# Keyword -> the test as an expression of the value `v` and the constant `c`.
_TESTS = {
    "minimum": "v >= c",
    "maximum": "v <= c",
    "exclusiveMinimum": "v > c",
    "exclusiveMaximum": "v < c",
    "multipleOf": "c(v)",
    "minLength": "len(v) >= c",
    "maxLength": "len(v) <= c",
    "pattern": "c(v)",
    "format": "c(v)",
    "minItems": "len(v) >= c",
    "maxItems": "len(v) <= c",
    INTEGER: "c(v)",
    ITEMS: "c(v)",
}
_TYPES = dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), NUMBERS)
_TYPES |= dict.fromkeys(("minLength", "maxLength", "pattern", "format"), TEXTS)
_TYPES |= dict.fromkeys(("minItems", "maxItems", ITEMS), LISTS)
_TYPES |= {INTEGER: frozenset((float,))}


# What a check asks for stands in its id as it is up to this length: hashing takes a library that is slow to load.
_SHORT = 120


class Compiled(NamedTuple):
    """One test as the compiled check function of a shape runs it.

    Attributes:
        expression: Python over `v`, the value, and `c`, the constant; true where it holds. Always one of ours.
        constant: What `c` is.
        finds: Whether it gives what is wrong (nothing where all is well), not whether it holds.
    """

    expression: str
    constant: Any
    finds: bool = False


class ValueCheck:
    """One check of the value at one place. Those with the same `id` are the same.

    Args:
        place: JSON pointer.
        keyword: A keyword, or `integer` (a float must be a whole number), `items` (the elements' types) or `schema`.
        argument: The keyword's value; for `items` the JSON types, for `schema` what makes it differ from others.
        keyword_said: The keyword that reports name, where it is another one.
        where: Keys that lead to the keyword in the plan rule's schema.
        evaluator: For `schema`: what judges.
        types: For `schema`: the Python types of values that leave it open.
    """

    __slots__ = ("_evaluator", "_types", "argument", "id", "keyword", "place", "said", "where")

    def __init__(
        self,
        place: str,
        keyword: str,
        argument: Any,
        *,
        said: str | None = None,
        where: Path = (),
        evaluator: Evaluator | None = None,
        types: frozenset[type] | None = None,
    ) -> None:
        self.place = place
        self.keyword = keyword
        self.argument = argument
        self.said = said or keyword
        self.where = where
        self._evaluator = evaluator
        self._types = _TYPES.get(keyword, EVERYTHING) if types is None else types
        content = json.dumps([place, argument, self.said], sort_keys=True, default=str)
        self.id = f"{keyword} {' '.join(place.split())} {content if len(content) <= _SHORT else _digest(content)}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ValueCheck) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def deep(self) -> bool:
        """Whether it looks into objects or arrays."""
        if self.keyword in ("enum", "const"):
            return any(isinstance(member, (dict, list)) for member in self.members)
        return self.keyword == SCHEMA

    @property
    def members(self) -> list[Any]:
        """For `enum` and `const`: the values that are allowed."""
        members: list[Any] = self.argument if self.keyword == "enum" else [self.argument]
        return members

    def settled(self, kind: type) -> bool | None:
        """Whether all values of a Python type pass (True) or fail (False); None if the value decides."""
        if self.keyword in ("enum", "const"):
            return _settled(_alike(self.members, kind), kind)
        return None if kind in self._types else True

    def test(self, kind: type) -> Compiled:
        """The test of a value of a type that is not settled."""
        if self.keyword in ("enum", "const"):
            alike = _alike(self.members, kind)
            if kind in LISTS | OBJECTS:
                return Compiled("c(v)", lambda value: any(same(value, member) for member in alike))
            return Compiled("v in c", frozenset(alike))
        if self.keyword == SCHEMA:
            return Compiled("c(v)", self._found, finds=True)
        return Compiled(_TESTS[self.keyword], self._constant())

    def _constant(self) -> Any:
        if self.keyword == "pattern":
            return search(self.argument)
        if self.keyword == "format":
            from validator.json_schema.formats import FORMATS  # noqa: PLC0415 - few plans have formats

            return FORMATS[self.argument]
        if self.keyword == "multipleOf":
            divisor = self.argument
            return lambda value: is_multiple(value, divisor)
        if self.keyword == INTEGER:
            return float.is_integer
        if self.keyword == ITEMS:
            return items_test(self.argument)
        return self.argument

    def breaches(self, value: Any) -> list[Breach]:
        """What a whole schema finds wrong, as it stands."""
        assert self._evaluator is not None  # noqa: S101 - a check of a schema has one
        return self._evaluator.breaches(value)

    def _found(self, value: Any) -> tuple[str, ...]:
        """What a whole schema finds wrong, each once."""
        breaches = self.breaches(value)
        return tuple(sorted({self.id + FOUND + _told(breach) for breach in breaches})) if breaches else ()


def _alike(members: Iterable[Any], kind: type) -> list[Any]:
    """The members that a value of a Python type could be equal to."""
    kinds = next((group for group in (NUMBERS, OBJECTS) if kind in group), frozenset((kind,)))
    return [member for member in members if type(member) in kinds]


def _settled(alike: list[Any], kind: type) -> bool | None:
    if not alike:
        return False
    if kind is type(None) or (kind is bool and len(set(alike)) == 2):
        return True
    return None


def items_test(types: Iterable[str]) -> Callable[[list[Any]], bool]:
    """The test of whether all elements have one of the JSON types."""
    names = frozenset(types)
    certain = frozenset(python for python, json_type in JSON_TYPE_OF.items() if json_type in names)
    return lambda items: certain.issuperset(map(type, items)) or all(has_type(item, names) for item in items)


def has_type(value: Any, types: frozenset[str]) -> bool:
    """Whether a decoded value has one of the JSON types: 3.0 is an integer, an integer is a number, true is neither."""
    own = JSON_TYPE_OF[type(value)]
    if own in types:
        return True
    if own == "integer":
        return "number" in types
    return own == "number" and "integer" in types and value.is_integer()


class Found(NamedTuple):
    """What a check of a whole schema found, without any value of a call.

    Attributes:
        location: Below the place of the check; a JSON pointer, `*` for any element, and for any key without a name in
            the schema: they would be as many as calls have.
        keyword: What fails.
        where: JSON pointer of the keyword in the plan rule's schema.
        missing: The name that is missing.
        got: The JSON type of the value that fails.
        wanted: The keyword's value in the plan as JSON text; empty where it is long.
        branch: For `anyOf` and `oneOf`: what the closest branch finds.
    """

    location: str
    keyword: str
    where: str
    missing: str | None
    got: str
    wanted: str
    branch: tuple[Found, ...] = ()


# Longer keyword values are not repeated in messages.
_SHORT = 300


def shortened(argument: Any) -> str:
    """A keyword's value as JSON text; empty where it is long."""
    text = json.dumps(argument, ensure_ascii=False, default=str)
    return text if len(text) <= _SHORT else ""


def _told(breach: Breach) -> str:
    return json.dumps(_found_of(breach))


def _found_of(breach: Breach) -> Found:
    location = "".join(pointer_of([key]) if isinstance(key, str) else "/*" for key in breach.location)
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
    """What is wrong by the branch that the value comes nearest to: it has the right type, and the fewest faults."""
    failing = [branch for branch in breach.branches if branch]
    if not failing or len(failing) < len(breach.branches):
        return ()

    def distance(branch: tuple[Breach, ...]) -> tuple[bool, int]:
        top = len(breach.location)
        wrong_type = any(len(inner.location) == top and inner.keyword == "type" for inner in branch)
        return wrong_type, len(branch)

    return min(failing, key=distance)


def spotted(check: ValueCheck, value: Any) -> Iterator[tuple[Found, str, tuple[str, ...]]]:
    """What a check of a schema or of elements finds in a value, where exactly, and the keys that it minds."""
    if check.keyword == ITEMS:
        types = frozenset(check.argument)
        for number, item in enumerate(value if isinstance(value, list) else ()):
            if not has_type(item, types):
                found = Found("/*", "type", pointer_of(check.where), None, type_name(item), shortened(check.argument))
                yield found, f"{check.place}/{number}", ()
        return
    for breach in check.breaches(value):
        yield _found_of(breach), check.place + pointer_of(breach.location), breach.names


def read_found(text: str) -> Found:
    """What a failed check's id tells after its own id."""
    *own, branch = json.loads(text)
    return Found._make([*own, tuple(Found._make([*inner[:-1], ()]) for inner in branch)])


def _digest(text: str) -> str:
    from hashlib import blake2b  # noqa: PLC0415 - see _SHORT

    return blake2b(text.encode(), digest_size=8).hexdigest()
