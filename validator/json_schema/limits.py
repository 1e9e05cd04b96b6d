"""Checks, before any call is read, that a schema can be evaluated in reasonable time."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from validator.errors import SchemaError
from validator.json_schema.evaluator import pointer_of
from validator.json_schema.keywords import DATA, REFERENCES, SCHEMA_TABLES
from validator.json_schema.regex import search
from validator.json_schema.subschemas import in_place, patterns
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from validator.json_schema.dialects import Dialect
    from validator.json_schema.documents import Documents
    from validator.json_schema.evaluator import Path

# Limit against adversarial schemas: schemas applied to one value.
_MOST = 10_000
_DEPTH = 100

# Length of a chain of references, for one value.
_CHAIN = 200


def vet(schema: Any, dialect: Dialect, documents: Documents) -> None:
    """Checks that a schema can be evaluated.

    Raises:
        SchemaError: It is not a valid schema, has a missing or circular reference, or has a pattern that cannot run in
            linear time.
    """
    for document in [d for d in documents.values() if id(d) not in documents.vetted]:
        documents.vetted.add(id(document))
        _shallow(document)
        _patterns(document)
    _shallow(schema)
    _valid(schema, dialect, ())
    _patterns(schema)
    text = repr(schema)
    if any(keyword in text for keyword in REFERENCES):
        _References(schema, dialect, documents).check()


def _shallow(schema: Any) -> None:
    if deep := _too_deep(schema):
        raise SchemaError(
            Code.NOT_CHECKABLE, deep, "schemas nested too deeply", "Name the inner ones and refer to them."
        )


def _too_deep(schema: Any) -> Path:
    """The place where schemas are nested too deeply; empty if there is none."""
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


def _valid(schema: Any, dialect: Dialect, where: Path) -> None:
    """Checks against the draft's metaschema. Patterns are checked separately, to name them in messages."""
    import jsonschema_rs  # noqa: PLC0415 - only for the plans that users bring

    plain = {**schema, "$schema": dialect.uri} if isinstance(schema, dict) else schema
    try:
        _metaschema(dialect.uri).validate(plain)
    except jsonschema_rs.ValidationError as error:
        at = (*where, *error.instance_path)
        message = f"a schema that is none, at `{pointer_of(at) or '/'}`"
        raise SchemaError(
            Code.NOT_CHECKABLE, at, message, f"Fix it: {dialect.uri} says what is allowed there."
        ) from None
    except ValueError:
        message = "what JSON text cannot hold, such as half of a surrogate pair"
        raise SchemaError(Code.NOT_CHECKABLE, where, message, "Write whole characters, and text for keys.") from None


_DRAFT_4 = "http://json-schema.org/draft-04/schema"


@cache
def _metaschema(uri: str) -> Any:
    import jsonschema_rs  # noqa: PLC0415 - only for the plans that users bring

    # It has the metaschemas built in; its draft 4 accepts duplicate members of an enum.
    schema: Any = {"$schema": uri, "$ref": uri}
    if uri == _DRAFT_4:
        from jsonschema_specifications import REGISTRY  # noqa: PLC0415 - hardly ever needed

        schema = REGISTRY.contents(uri)
    return jsonschema_rs.validator_for(schema, validate_formats=False, offline=True)


def _patterns(schema: Any) -> None:
    for node, at in _walk(schema, ()):
        for way, text in patterns(node):
            try:
                search(text)
            except ValueError:
                message = f"the pattern `{text[:60]}`, which is invalid or cannot run in linear time"
                help_text = "Write it without lookaround, backreferences and other dialects' extensions (RE2 syntax)."
                raise SchemaError(Code.NOT_CHECKABLE, (*at, *way), message, help_text) from None


def _walk(schema: Any, at: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """All objects of a schema, except data."""
    stack = [(schema, at)]
    while stack:
        node, here = stack.pop()
        if isinstance(node, dict):
            yield node, here
            stack += _inner(node, here)
        elif isinstance(node, list):
            stack += _children(node, here)


def _inner(node: dict[str, Any], at: Path) -> Iterator[tuple[Any, Path]]:
    """The members of a schema that may be schemas."""
    for key, value in node.items():
        if key in SCHEMA_TABLES and isinstance(value, dict):
            yield from _children(value, (*at, key))
        elif key not in DATA:
            yield value, (*at, key)


class _References:
    def __init__(self, schema: Any, dialect: Dialect, documents: Documents) -> None:
        from validator.json_schema import references  # noqa: PLC0415 - few schemas refer to others

        self.references = references
        self.dialect = dialect
        self.schema = schema
        self.documents = documents
        self.resolver = references.resolver(schema, dialect.uri, documents)
        self.cost: dict[int, int] = {}

    def check(self) -> None:
        self.follow(self.schema, self.resolver, ())

    def follow(self, schema: Any, resolver: Any, at: Path) -> None:
        """Visits all schemas below one, each once, with its resolver."""
        own: set[int] = set()
        followed = self.documents.followed[self.dialect.uri]
        todo: list[tuple[Any, Any, Path, set[int]]] = [(schema, resolver, at, own)]
        while todo:
            node, here, where, done = todo.pop()
            if id(node) in done:
                continue
            done.add(id(node))
            if isinstance(node, dict):
                if node is not schema and isinstance(node.get(self.dialect.id), str):
                    here = self.references.entered(node, here, self.dialect.uri)
                for keyword in REFERENCES:
                    if isinstance(node.get(keyword), str):
                        there = done if node[keyword].startswith("#") else followed
                        todo.append((*self.target(keyword, node, here, where), (*where, keyword), there))
                self.price(node, here, where, ())
                todo += [(value, here, place, done) for value, place in _inner(node, where)]
            elif isinstance(node, list):
                todo += [(value, here, (*where, number), done) for number, value in enumerate(node)]

    def target(self, keyword: str, node: Mapping[str, Any], resolver: Any, at: Path) -> tuple[Any, Any]:
        reference: str = node[keyword]
        try:
            schema, there = self.references.lookup(resolver, reference)
        except self.references.UnresolvableError:
            message = f"the reference `{reference[:80]}`, whose target did not come with the plan"
            help_text = "Put its target into the plan's own `$defs` or `definitions`. Nothing is ever fetched."
            raise SchemaError(Code.NOT_CHECKABLE, (*at, keyword), message, help_text) from None
        if id(schema) not in self.cost:
            _valid(schema, self.dialect, (*at, keyword))
        return schema, there

    def price(self, node: Any, resolver: Any, at: Path, above: tuple[int, ...]) -> int:
        """How many schemas apply to a value if this one does, including itself."""
        if not isinstance(node, dict):
            return 1
        if id(node) in above:
            raise SchemaError(Code.NOT_CHECKABLE, at, "a circular reference", "Break the circle.")
        if len(above) > _CHAIN:
            raise SchemaError(Code.NOT_CHECKABLE, at, "a very long chain of references", "Refer to the target.")
        if id(node) in self.cost:
            return self.cost[id(node)]
        inside = (*above, id(node))
        total = 1
        for keyword in REFERENCES:
            if isinstance(node.get(keyword), str):
                schema, there = self.target(keyword, node, resolver, at)
                total += self.price(schema, there, (*at, keyword), inside)
        if not (self.dialect.lone_ref and "$ref" in node):
            for where, schema in in_place(node):
                there = resolver
                if isinstance(schema, dict) and isinstance(schema.get(self.dialect.id), str):
                    there = self.references.entered(schema, resolver, self.dialect.uri)
                total += self.price(schema, there, at + where, inside)
        if total > _MOST:
            raise SchemaError(Code.NOT_CHECKABLE, at, "more schemas for one value than any plan needs", "Simplify it.")
        self.cost[id(node)] = total
        return total
