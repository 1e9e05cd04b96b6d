"""Evaluates a value against a schema: finds all violations, each with its location in the value and in the schema."""

from __future__ import annotations

import json
import sys
from copy import copy
from typing import TYPE_CHECKING, Any, NamedTuple

from validator.json_schema import budget
from validator.json_schema.budget import VALUE_STEPS, ExceededError
from validator.json_schema.documents import Documents
from validator.json_schema.equality import Members
from validator.json_schema.evaluated_parts import Seen
from validator.json_schema.keywords import REFERENCES
from validator.json_schema.regex import search
from validator.json_schema.regex_weight import weight_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from validator.json_schema.budget import Budget
    from validator.json_schema.dialects import Dialect, Keyword


class Unnamed(NamedTuple):
    """A key of an object that the schema does not name; calls may have any number of them."""

    key: str

    def __str__(self) -> str:
        return self.key


Path = tuple[str | int, ...]

# The path to a part of a value.
Location = tuple[str | int | Unnamed, ...]

# (schema, value, location) -> violations there, and evaluated parts.
Memory = dict[tuple[int, int, Location], tuple["list[Breach]", "Seen | None"]]

# Python stack frames that an evaluation may use.
_DEEP = 100_000

# The keyword of a breach if the evaluation exceeds the budget; which keyword fails is unknown.
EXCEEDED = ""

# The keyword of a violation of the schema `false`, which has none.
FALSE = "false"


class Breach(NamedTuple):
    """One violation.

    Attributes:
        location: Path of keys and indices to the value in the instance.
        keyword: The keyword that fails; EXCEEDED if the evaluation exceeds its budget.
        where: Path of keys to the keyword in the schema, through references.
        argument: The keyword's value.
        value: The value that fails.
        missing: The missing property, for `required` and similar keywords; else None.
        names: The forbidden properties, for keywords about them.
        branches: For `anyOf` and `oneOf`: the violations of each branch.
    """

    location: Location
    keyword: str
    where: Path
    argument: Any
    value: Any
    missing: str | None = None
    names: tuple[str, ...] = ()
    branches: tuple[tuple[Breach, ...], ...] = ()


class Evaluator:
    """Evaluates values against a schema. It never fetches anything.

    Args:
        schema: The schema.
        dialect: Its dialect.
        documents: Other schemas by URI that it may refer to; the metaschemas of the drafts are always included.
        formats: Whether `format` is checked, by the checks pinned in `validator.json_schema.formats`.
    """

    def __init__(
        self, schema: Any, dialect: Dialect, *, documents: Mapping[str, Any] | None = None, formats: bool = True
    ) -> None:
        documents = Documents.of(documents)
        self.dialect = dialect
        self._formats = formats
        self._prepared: dict[int, tuple[Any, tuple[tuple[Keyword, Any], ...]]] = {}
        self._members: dict[tuple[str, int], Members] = {}
        self._searches: dict[str, tuple[Callable[[str], bool], int]] = {}
        self._resolver: Any = None
        text = json.dumps(schema, default=str)
        if any(f'"{keyword}"' in text for keyword in REFERENCES):
            from validator.json_schema import references  # noqa: PLC0415 - few schemas refer to others

            self._references = references
            self._resolver = references.resolver(schema, self.dialect.uri, documents)
        # The target of a reference is evaluated once for each value, unless it depends on the path of evaluation.
        dynamic = '"$recursiveRef"' in text or '"$dynamicRef"' in text
        self._remembers = self._resolver is not None and not dynamic and not documents.is_dynamic
        self._tracks = "unevaluated" in text or self._resolver is not None
        self._schema = schema
        self._where: Path = ()

    def of(self, schema: Any, where: Path) -> Evaluator:
        """An evaluator for another schema in the same document."""
        other = copy(self)
        other._schema, other._where = schema, where
        return other

    def breaches(self, instance: Any, of_call: Budget | None = None) -> list[Breach]:
        """All violations of a value, in any order; only EXCEEDED if it exceeds the budget.

        Args:
            instance: The value.
            of_call: The remaining budget of its call, from which steps are deducted.
        """
        # Deep enough for the deepest calls, with several frames per level. Nothing here recurses in C. The limit is
        # raised beforehand: hitting it inside the maps of a resolver, which are Rust, panics.
        usual = sys.getrecursionlimit()
        sys.setrecursionlimit(max(usual, _DEEP))
        allowed = VALUE_STEPS if of_call is None else min(VALUE_STEPS, of_call.left)
        self.steps = allowed
        try:
            return self._breaches(instance)
        except ExceededError:
            return [Breach((), EXCEEDED, self._where, None, instance)]
        finally:
            sys.setrecursionlimit(usual)
            if of_call is not None:
                of_call.left -= allowed - max(self.steps, 0)

    def _breaches(self, instance: Any) -> list[Breach]:
        found: list[Breach] = []
        seen = Seen() if self._tracks else None
        self.memory: Memory | None = {} if self._remembers else None
        self.following: set[tuple[int, int, Location]] = set()
        _Frame(self, self._schema, instance, (), self._where, self._resolver, found, seen)._run()
        return found

    @property
    def resolver(self) -> Any:
        """The resolver at the root; None if there are no references."""
        return self._resolver

    # Called by keywords.

    def prepared(self, schema: Mapping[str, Any]) -> tuple[tuple[Keyword, Any], ...]:
        """The keywords of a schema object with their values, in the order of the dialect."""
        known = self._prepared.get(id(schema))
        if known is None:
            keywords = self.dialect.keywords
            names: Iterable[str] = ["$ref"] if self.dialect.lone_ref and "$ref" in schema else keywords
            pairs = tuple((keywords[name], schema[name]) for name in names if name in schema)
            known = self._prepared[id(schema)] = (schema, pairs)  # holding the schema keeps its id unique
        return known[1]

    def members(self, keyword: str, argument: Any) -> Members:
        """The values that `enum` or `const` allows."""
        key = keyword, id(argument)  # the schema holds the argument, so its id stays unique
        found = self._members.get(key)
        if found is None:
            found = self._members[key] = Members(argument if keyword == "enum" else [argument])
        return found

    def search(self, pattern: str) -> tuple[Callable[[str], bool], int]:
        """The search for a pattern, and its weight."""
        found = self._searches.get(pattern)
        if found is None:
            found = self._searches[pattern] = search(pattern), weight_of(pattern)
        return found

    def format(self, name: str) -> Callable[[str], bool]:
        """The check of a format; an unknown format accepts everything."""
        if not self._formats:
            return _anything
        from validator.json_schema.formats import FORMATS  # noqa: PLC0415 - few schemas have formats

        return FORMATS.get(name, _anything)

    def lookup(self, keyword: str, resolver: Any, target: str) -> tuple[Any, Any]:
        """The schema that a reference names, and the resolver there."""
        found: tuple[Any, Any] = self._references.LOOKUPS[keyword](resolver, target)
        return found

    def entered(self, schema: Any, resolver: Any) -> Any:
        """The resolver inside a subschema, which may be a resource of its own."""
        if resolver is None or not isinstance(schema, dict) or not isinstance(schema.get(self.dialect.id), str):
            return resolver
        return self._references.entered(schema, resolver, self.dialect.uri)


def _anything(_text: str) -> bool:
    return True


class _Frame:
    """One schema applied to one value; implements `Frame` for keywords."""

    __slots__ = ("_evaluator", "_found", "_location", "_resolver", "_where", "instance", "schema", "seen")

    def __init__(
        self,
        evaluator: Evaluator,
        schema: Any,
        instance: Any,
        location: Location,
        where: Path,
        resolver: Any,
        found: list[Breach],
        seen: Seen | None,
    ) -> None:
        self._evaluator = evaluator
        self.schema = schema
        self.instance = instance
        self._resolver = resolver
        self.seen = seen
        self._location = location
        self._where = where
        self._found = found

    def _run(self) -> None:
        """Applies all keywords."""
        schema = self.schema
        self._evaluator.steps -= 1
        if self._evaluator.steps < 0:
            raise ExceededError
        if isinstance(schema, dict):
            for keyword, argument in self._evaluator.prepared(schema):
                keyword(self, argument)
        elif schema is False:
            self._found.append(Breach(self._location, FALSE, self._where, False, self.instance))

    def spend(self, steps: int) -> None:
        """Deducts steps from the budget."""
        evaluator = self._evaluator
        evaluator.steps -= steps
        if evaluator.steps < 0:
            raise ExceededError

    def members(self, keyword: str, argument: Any) -> Members:
        """The values that `enum` or `const` allows."""
        return self._evaluator.members(keyword, argument)

    @property
    def whole_floats(self) -> bool:
        """Whether 3.0 is an integer."""
        return self._evaluator.dialect.whole_floats

    def pattern(self, text: str) -> Callable[[str], bool]:
        """The search for a pattern."""
        holds, weight = self._evaluator.search(text)

        def holds_within(instance: str) -> bool:
            self.spend(1 + budget.of_searching(instance, weight))
            return holds(instance)

        return holds_within

    def format(self, name: str) -> Callable[[str], bool]:
        """The check of a format; an unknown format accepts everything."""
        holds = self._evaluator.format(name)

        def holds_within(instance: str) -> bool:
            self.spend(budget.of_format(instance, name))
            return holds(instance)

        return holds_within

    def fail(
        self,
        keyword: str,
        argument: Any,
        *,
        missing: str | None = None,
        names: tuple[str, ...] = (),
        branches: Sequence[Sequence[Breach]] = (),
    ) -> None:
        """Adds a violation of the value itself, with the violations of each branch if the keyword has branches."""
        self.spend(1)
        where, found = (*self._where, keyword), tuple(map(tuple, branches))
        self._found.append(Breach(self._location, keyword, where, argument, self.instance, missing, names, found))

    def apply(self, schema: Any, *where: str) -> None:
        """Applies another schema to the same value and adds its violations."""
        self._same(schema, where, self._evaluator.entered(schema, self._resolver), self._found)

    def follow(self, keyword: str, target: str) -> None:
        """Applies the target of a reference."""
        self.spend(budget.REFERENCE)
        schema, resolver = self._evaluator.lookup(keyword, self._resolver, target)
        memory = self._evaluator.memory
        key = id(schema), id(self.instance), self._location
        if memory is None:
            following = self._evaluator.following
            if key not in following:  # a circular reference adds nothing new
                following.add(key)
                self._same(schema, (keyword,), resolver, self._found)
                following.discard(key)
            return
        known = memory.get(key)
        if known is None:
            found: list[Breach] = []
            seen = None if self.seen is None else Seen()
            where = (*self._where, keyword)
            _Frame(self._evaluator, schema, self.instance, self._location, where, resolver, found, seen)._run()
            known = memory[key] = found, seen
        self.spend(budget.of_names(len(known[0])))
        self._found += known[0]
        if self.seen is not None and known[1] is not None and not known[0]:
            self._saw(known[1])

    def probe(self, schema: Any, *where: str, keep: bool = True) -> list[Breach]:
        """The violations of the same value by another schema, without adding them."""
        found: list[Breach] = []
        self._same(schema, where, self._evaluator.entered(schema, self._resolver), found, keep=keep)
        return found

    def _same(
        self, schema: Any, where: tuple[str, ...], resolver: Any, found: list[Breach], *, keep: bool = True
    ) -> None:
        before = len(found)
        seen = None if self.seen is None else Seen()
        location = self._location
        _Frame(self._evaluator, schema, self.instance, location, self._where + where, resolver, found, seen)._run()
        if keep and self.seen is not None and seen is not None and len(found) == before:
            self._saw(seen)

    def _saw(self, seen: Seen) -> None:
        assert self.seen is not None  # noqa: S101 - asked before
        self.spend(budget.of_names(len(seen)))
        self.seen.update(seen)

    def descend(self, part: str | int, schema: Any, *where: str, named: bool = True) -> None:
        """Applies a schema to a part of the value; `named`: whether the schema names its key."""
        if self.seen is not None:
            if isinstance(part, str):
                self.seen.keys.add(part)
            else:
                self.seen.items.add(part)
        self._part(part, schema, where, self._found, named=named)

    def probe_part(self, part: str | int, schema: Any, *where: str) -> list[Breach]:
        """The violations of a part by a schema, without adding them."""
        found: list[Breach] = []
        self._part(part, schema, where, found)
        return found

    def _part(
        self, part: str | int, schema: Any, where: tuple[str, ...], found: list[Breach], *, named: bool = True
    ) -> None:
        seen = None if self.seen is None else Seen()
        location = (*self._location, part if named or isinstance(part, int) else Unnamed(part))
        value = self.instance[part]
        resolver = self._evaluator.entered(schema, self._resolver)
        _Frame(self._evaluator, schema, value, location, self._where + where, resolver, found, seen)._run()

    def apply_to(self, value: Any, schema: Any, *where: str) -> None:
        """Applies a schema to another value at the same location."""
        seen = None if self.seen is None else Seen()
        resolver = self._evaluator.entered(schema, self._resolver)
        _Frame(self._evaluator, schema, value, self._location, self._where + where, resolver, self._found, seen)._run()


def pointer_of(path: Sequence[str | int | Unnamed]) -> str:
    """A JSON pointer."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)
