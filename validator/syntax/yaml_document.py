"""Reads YAML as plain values, by YAML 1.2, so `no`, `on` and dates are text as in JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code
from validator.syntax.read_text import Mark, StopError
from validator.syntax.yaml_tree import Items, Scalar, Table, YamlLimits, parse_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from validator.syntax.plan_file import PlanFile
    from validator.syntax.yaml_tree import Node

LIMITS = YamlLimits(
    size=2 << 20,
    depth=64,
    nodes=120_000,
    aliases=True,
    too_large="split it into several files in one folder",
    empty="write a plan into it, or remove it",
)

_INTEGER = re.compile(r"[-+]?[0-9]{1,400}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class YamlDocument:
    """A YAML file."""

    __slots__ = ("_root", "path", "value")

    def __init__(self, path: str, root: Node, value: Any) -> None:
        self.path = path
        self.value = value
        self._root = root

    def mark(self, keys: Sequence[str | int]) -> Mark:
        """The place of a value (of its key, in a mapping), else of the nearest value around it."""
        node, at = self._root, Mark(self._root.line, self._root.column)
        for key in keys:
            found = _child(node, key)
            if found is None:
                break
            spot, node = found
            at = Mark(spot.line, spot.column)
        return at


def parse_yaml(text: str, file: PlanFile) -> YamlDocument | None:
    """Parses YAML; None if some of it cannot be used, which is reported.

    Raises:
        StopError: It is not YAML, or exceeds a limit.
    """
    before = len(file.diagnostics)
    root = parse_tree(text, file, LIMITS)
    if len(file.diagnostics) > before:
        return None
    value = _Values(file).of(root)
    return YamlDocument(str(file.path), root, value) if len(file.diagnostics) == before else None


def _child(node: Node, key: str | int) -> tuple[Node, Node] | None:
    if isinstance(node, Items):
        found = node.nodes[key] if isinstance(key, int) and key < len(node.nodes) else None
        return (found, found) if found else None
    if not isinstance(node, Table):
        return None
    for name, value in node.entries:
        if isinstance(name, Scalar) and name.text == key and name.kind != "merge":
            return name, value
    for inner in _merged(node):
        if found_there := _child(inner, key):
            return found_there
    return None


def _merged(table: Table) -> Iterator[Node]:
    """The entries from a mapping's merge keys; earlier ones take precedence."""
    for name, value in table.entries:
        if isinstance(name, Scalar) and name.kind == "merge":
            yield from value.nodes if isinstance(value, Items) else (value,)


class _Values:
    """Turns nodes into plain values, each anchored node only once for all its aliases."""

    __slots__ = ("_file",)

    def __init__(self, file: PlanFile) -> None:
        self._file = file

    def of(self, node: Node) -> Any:
        if isinstance(node, Scalar):
            return scalar(node)
        if isinstance(node, Items):
            return [self.of(inner) for inner in node.nodes]
        return self._mapping(node)

    def _mapping(self, table: Table) -> dict[str, Any]:
        first: dict[str, Scalar] = {}
        made: dict[str, Any] = {}
        for key, value in table.entries:
            if not isinstance(key, Scalar):
                self._file.report(Code.BAD_TYPE, key, "a key must be text", "write a single word or a text")
            elif key.kind == "merge":
                continue
            elif key.text in first:
                message = f"the key {shown(key.text)} is already on line {first[key.text].line}"
                self._file.report(Code.DUPLICATE_KEY, key, message, "keep one of the two")
            else:
                first[key.text] = key
                made[key.text] = self.of(value)
        for inner in _merged(table):
            if not isinstance(inner, Table):
                raise StopError(inner, "only a mapping can be merged", "let `<<` stand for a mapping")
            made = self._mapping(inner) | made
        return made


def scalar(node: Scalar) -> Any:
    """The YAML 1.2 value of a scalar, if JSON has its type; everything else is text."""
    text = node.text
    if node.kind == "text":
        return text
    if text.lower() in _WORDS and text in (text.lower(), text.upper(), text.capitalize()):
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and (number := float(text)) not in (float("inf"), float("-inf")):
        return number
    return text
