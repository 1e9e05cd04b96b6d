"""Checks whether two schemas are equal, with everything they refer to, ignoring descriptions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from validator.json_schema.equality import key_of
from validator.json_schema.keywords import ASSERTIONS, REFERENCES
from validator.json_schema.subschemas import children
from validator.model import pointer_keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

OWN = frozenset(["x-recommended", "x-severity"])
"""The keywords of uclint that affect whether a call is valid."""

_LONGEST = 40


def shown(value: Any) -> str:
    """A value of a plan on one line, shortened."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def references(schema: Any) -> Iterator[str]:
    """All strings under `$ref`, `$dynamicRef` or `$recursiveRef`, at any depth."""
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            waiting += node.values()
            for key in REFERENCES:
                if isinstance(node.get(key), str):
                    yield node[key]
        elif isinstance(node, list):
            waiting += node


def resolve(root: Any, reference: str) -> Any:
    """Resolves a reference inside the document.

    Raises:
        LookupError: It has no target in the document.
    """
    if not reference.startswith("#") or (reference != "#" and not reference.startswith("#/")):
        raise LookupError(reference)
    node = root
    for key in pointer_keys(_unquoted(reference[1:])):
        if isinstance(node, list) and key.isdecimal() and key.isascii() and len(key) <= 6:
            node = node[int(key)]
        elif isinstance(node, dict):
            node = node[key]
        else:
            raise LookupError(reference)
    return node


def _unquoted(text: str) -> str:
    if "%" not in text:
        return text
    from urllib.parse import unquote  # noqa: PLC0415 - hardly any plan needs it

    return unquote(text)


def bare(schema: Any) -> Any:
    """A schema without keywords that do not constrain calls, such as `description`."""
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key in ASSERTIONS or key in OWN}
    for keys, inner in children(schema):
        if keys[0] not in kept:
            continue
        if len(keys) == 1:
            kept[keys[0]] = bare(inner)
            continue
        outer = kept[keys[0]]
        if outer is schema[keys[0]]:
            outer = kept[keys[0]] = outer.copy()
        outer[int(keys[1]) if isinstance(outer, list) else keys[1]] = bare(inner)
    return kept


class Pair:
    """Two documents, and whether parts of them are equal."""

    def __init__(self, old: Any, new: Any) -> None:
        self.old, self.new = old, new
        self._equal = key_of(old) == key_of(new)

    def same(self, old: Any, new: Any) -> bool:
        """Whether two schemas in them are equal, with everything they refer to, ignoring descriptions."""
        if key_of(bare(old)) != key_of(bare(new)):
            return False
        if self._equal:
            return True
        seen: set[str] = set()
        waiting = set(references(old))
        while waiting:
            reference = waiting.pop()
            seen.add(reference)
            try:
                before, after = resolve(self.old, reference), resolve(self.new, reference)
            except LookupError:
                return False
            if key_of(bare(before)) != key_of(bare(after)):
                return False
            waiting |= set(references(before)) - seen
        return True


def depth(value: Any) -> int:
    """The nesting depth of a JSON value, without recursion."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        waiting += [(child, level + 1) for child in inner]
    return deepest
