"""Finds the properties that a plan rule names, anywhere in its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.engine.compile.lowered_rule import PROPERTIES
from validator.json_schema.keywords import REFERENCES
from validator.json_schema.subschemas import in_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.json_schema.evaluator import Evaluator


def planned_keys(message: Any, evaluator: Evaluator) -> frozenset[str] | None:
    """The keys under `/properties` that the schema of a message names; None if it constrains all others."""
    keys: set[str] = set()
    for node, resolver in _applied(message, evaluator, evaluator.resolver):
        payload = _table(node, PROPERTIES).get(PROPERTIES)
        for inner, _ in _applied(payload, evaluator, evaluator.entered(payload, resolver)):
            others = (inner.get(keyword, True) for keyword in ("additionalProperties", "unevaluatedProperties"))
            if _table(inner, "patternProperties") or not all(other is True or other == {} for other in others):
                return None
            keys.update(_table(inner, PROPERTIES), inner.get("required", ()))
    return frozenset(keys)


def _applied(schema: Any, evaluator: Evaluator, resolver: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """All schemas that apply to the same value as a schema, each with its resolver."""
    todo, done = [(schema, resolver)], set[int]()
    while todo:
        node, here = todo.pop()
        if not isinstance(node, dict) or id(node) in done:
            continue
        done.add(id(node))
        yield node, here
        references = [node[k] for k in REFERENCES if k in evaluator.dialect.keywords and isinstance(node.get(k), str)]
        todo += [evaluator.lookup("$ref", here, reference) for reference in references]
        todo += [(inner, evaluator.entered(inner, here)) for (keyword, *_), inner in in_place(node) if keyword != "not"]


def _table(node: dict[str, Any], keyword: str) -> dict[str, Any]:
    table = node.get(keyword)
    return table if isinstance(table, dict) else {}
