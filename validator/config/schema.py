"""The JSON Schema of a configuration file, generated from its keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from validator.config.keys import FORM, Leaf, Open, Table

if TYPE_CHECKING:
    from validator.config.keys import Node

_TEXT = {"type": "string", "minLength": 1, "pattern": "^[^\\u0000]*$"}

_MAX_ERRORS = "^ *(?:[0-9]+(?:\\.[0-9]+)?%|[0-9]+) *$"

_PATTERN = {
    "description": "A regular expression (ECMA-262, without lookaround) that whole names must match.",
    "type": "object",
    "properties": {"pattern": _TEXT},
    "required": ["pattern"],
    "additionalProperties": False,
}


def config_schema() -> dict[str, Any]:
    """The schema of `uclint.toml` and of `[tool.uclint]`."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://raw.githubusercontent.com/uclint/uclint/main/schemas/config.schema.json",
        "title": "uclint configuration",
        **_node(FORM),
    }


def schema_text() -> str:
    """The schema as published."""
    return json.dumps(config_schema(), indent=2) + "\n"


def _node(node: Node) -> dict[str, Any]:
    if isinstance(node, Table):
        members = {key: _node(member) for key, member in node.members.items()}
        return {"description": node.about, "type": "object", "additionalProperties": False, "properties": members}
    if isinstance(node, Leaf):
        default = {} if node.default is None else {"default": _plain(node.default)}
        return {"description": node.about, **_leaf(node), **default}
    return {"description": node.about, **_open(node)}


def _open(node: Open) -> dict[str, Any]:
    value = {"description": node.value.about, **_leaf(node.value)}
    schema: dict[str, Any] = {"type": "object", "propertyNames": {"minLength": 1}, "additionalProperties": value}
    if node.keys:
        schema = {"type": "object", "additionalProperties": False, "properties": dict.fromkeys(node.keys, value)}
    if node.nested:
        inner = {"type": "object", "propertyNames": {"minLength": 1}, "additionalProperties": value}
        schema["additionalProperties"] = {"anyOf": [value, inner]}
    return schema


def _leaf(leaf: Leaf) -> dict[str, Any]:
    match leaf.kind:
        case "text" | "texts":
            return _TEXT if leaf.kind == "text" else {"type": "array", "items": _TEXT}
        case "flag":
            return {"type": "boolean"}
        case "share":
            return {"type": "number", "minimum": 0, "maximum": 1}
        case "whole":
            return {"type": "integer", "minimum": leaf.low, "maximum": leaf.high}
        case "errors":
            return {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": _MAX_ERRORS}]}
        case "choice" | "convention":
            words = {"enum": list(leaf.choices)}
            return words if leaf.kind == "choice" else {"anyOf": [words, _PATTERN]}


def _plain(default: Any) -> Any:
    return list(default) if isinstance(default, tuple) else default
