"""Whether a schema can be evaluated at all, and in reasonable time: found out before any call is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.engine.schema.dialect import DIALECTS
from validator.engine.schema.evaluator import REFERENCES, pointer_of
from validator.engine.schema.patterns import search
from validator.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from validator.engine.schema.dialect import Dialect
    from validator.engine.schema.evaluator import Path

# Values that are data, not schemas.
_DATA = frozenset(["enum", "const", "default", "examples", "example"])

# Keywords whose schemas are applied to the same value.
_LISTS = ("allOf", "anyOf", "oneOf")
_SINGLE = ("not", "if", "then", "else")
_TABLES = ("dependentSchemas", "dependencies")

# So many schemas applied to one value are no plan, but made to exhaust who reads it.
_MOST = 10_000
_DEPTH = 100


def vet(schema: Any, dialect: Dialect, documents: Mapping[str, Any]) -> None:
    """Finds out whether a schema can be evaluated.

    Raises:
        SchemaError: It is no schema, refers to something that is not at hand or to itself without end, or has a
            pattern that cannot be run in linear time.
    """
    if deep := _too_deep(schema):
        raise SchemaError("PL609", deep, "schemas nested too deeply", "Name the inner ones and refer to them.")
    _valid(schema, dialect)
    _patterns(schema)
    for document in documents.values():
        _patterns(document)
    text = repr(schema)
    if any(keyword in text for keyword in REFERENCES):
        _References(schema, dialect, documents).check()


def _too_deep(schema: Any) -> Path:
    """Where schemas are nested too deeply; empty if they are not."""
    level: list[tuple[Any, Path]] = [(schema, ())]
    for _ in range(_DEPTH):
        level = [pair for node, at in level for pair in _children(node, at)]
        if not level:
            return ()
    return level[0][1]


def _children(node: Any, at: Path) -> Iterator[tuple[Any, Path]]:
    if isinstance(node, dict):
        yield from ((value, (*at, key)) for key, value in node.items())
    elif isinstance(node, list):
        yield from ((value, (*at, number)) for number, value in enumerate(node))


def _valid(schema: Any, dialect: Dialect) -> None:
    """By the draft's own metaschema; the quick verdict first, the words only where they are needed."""
    import jsonschema_rs  # noqa: PLC0415 - only for the plans that users bring

    named = schema.get("$schema") if isinstance(schema, dict) else None
    plain = schema if isinstance(schema, bool) else {**schema, "$schema": dialect.uri + _fragment(dialect)}
    if isinstance(named, str) and named.rstrip("#") not in DIALECTS:
        plain = plain if isinstance(plain, bool) else {**plain, "$schema": dialect.uri + _fragment(dialect)}
    try:
        jsonschema_rs.meta.validate(plain)
    except jsonschema_rs.ValidationError as error:
        at = tuple(error.instance_path)
        if "regex" in error.message or (at and at[-1] == "pattern"):
            return  # said by name below
        message = f"a schema that is none, at `{pointer_of(at) or '/'}`"
        raise SchemaError("PL609", at, message, f"Mend it: {dialect.uri} says what may stand there.") from None


def _fragment(dialect: Dialect) -> str:
    return "#" if "/draft-0" in dialect.uri else ""


def _patterns(schema: Any) -> None:
    for node, at in _walk(schema, ()):
        patterns = [(node["pattern"], (*at, "pattern"))] if isinstance(node.get("pattern"), str) else []
        if isinstance(node.get("patternProperties"), dict):
            patterns += [(text, (*at, "patternProperties", text)) for text in node["patternProperties"]]
        for text, where in patterns:
            try:
                search(text)
            except ValueError:
                message = f"the pattern `{text[:60]}`, which is none or cannot be run in time linear in the text"
                help_text = "Write it without lookaround, backreferences and other dialects' extensions (RE2 syntax)."
                raise SchemaError("PL609", where, message, help_text) from None


def _walk(schema: Any, at: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """All objects of a schema but those that are data."""
    stack = [(schema, at)]
    while stack:
        node, here = stack.pop()
        if isinstance(node, dict):
            yield node, here
            stack += [(value, (*here, key)) for key, value in node.items() if key not in _DATA]
        elif isinstance(node, list):
            stack += _children(node, here)


class _References:
    def __init__(self, schema: Any, dialect: Dialect, documents: Mapping[str, Any]) -> None:
        from validator.engine.schema import references  # noqa: PLC0415 - few schemas refer to others

        self.references = references
        self.dialect = dialect
        self.schema = schema
        self.resolver = references.resolver(schema, dialect, documents)
        self.cost: dict[int, int] = {}

    def check(self) -> None:
        self.follow(self.schema, self.resolver, ())

    def follow(self, schema: Any, resolver: Any, at: Path) -> None:
        """Goes through all schemas below one, each once, each with the resolver that holds there."""
        todo = [(schema, resolver, at)]
        done: set[int] = set()
        while todo:
            node, here, where = todo.pop()
            if id(node) in done:
                continue
            done.add(id(node))
            if isinstance(node, dict):
                if node is not schema and isinstance(node.get(self.dialect.id), str):
                    here = self.references.entered(node, here, self.dialect)
                if isinstance(node.get("$ref"), str):
                    todo.append((*self.target(node["$ref"], here, where), (*where, "$ref")))
                self.price(node, here, where, ())
                todo += [(value, here, (*where, key)) for key, value in node.items() if key not in _DATA]
            elif isinstance(node, list):
                todo += [(value, here, (*where, number)) for number, value in enumerate(node)]

    def target(self, reference: str, resolver: Any, at: Path) -> tuple[Any, Any]:
        try:
            return self.references.lookup(resolver, reference)
        except self.references.UnresolvableError:
            message = f"the reference `{reference[:80]}`, which leads to nothing that came with the plan"
            help_text = "Put what it names into the plan's own `$defs` or `definitions`. Nothing is ever fetched."
            raise SchemaError("PL609", (*at, "$ref"), message, help_text) from None

    def price(self, node: Any, resolver: Any, at: Path, above: tuple[int, ...]) -> int:
        """How many schemas are applied to a value that this one is applied to."""
        if not isinstance(node, dict):
            return 1
        if id(node) in above:
            raise SchemaError("PL609", at, "a reference that leads back to itself", "Break the circle.")
        if id(node) in self.cost:
            return self.cost[id(node)]
        inside = (*above, id(node))
        total = 1
        if isinstance(node.get("$ref"), str):
            schema, there = self.target(node["$ref"], resolver, at)
            total += self.price(schema, there, (*at, "$ref"), inside)
        if not (self.dialect.lone_ref and "$ref" in node):
            for schema, where in _same_value(node):
                there = resolver
                if isinstance(schema, dict) and isinstance(schema.get(self.dialect.id), str):
                    there = self.references.entered(schema, resolver, self.dialect)
                total += self.price(schema, there, at + where, inside)
        if total > _MOST:
            raise SchemaError("PL609", at, "more schemas for one value than any plan needs", "Simplify it.")
        self.cost[id(node)] = total
        return total


def _same_value(node: dict[str, Any]) -> Iterator[tuple[Any, Path]]:
    """The schemas that are applied to the value that a schema is applied to."""
    for key in _LISTS:
        if isinstance(node.get(key), list):
            yield from ((schema, (key, number)) for number, schema in enumerate(node[key]))
    yield from ((node[key], (key,)) for key in _SINGLE if key in node)
    for key in _TABLES:
        if isinstance(node.get(key), dict):
            yield from ((schema, (key, name)) for name, schema in node[key].items() if not isinstance(schema, list))
