"""Reads values of a YAML tree; a value of the wrong kind is reported with its place.

After a mistake, a method returns a placeholder, so that reading continues and reports further mistakes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validator.catalog.problems import Problems, suggestion
from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code
from validator.syntax.yaml_tree import Items, Scalar, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from typing import Final

    from validator.syntax.plan_file import PlanFile
    from validator.syntax.yaml_tree import Node

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_POSITION: Final = re.compile(r"[1-9][0-9]{0,3}")


class YamlReader:
    """Reads typed values from the tree of one file."""

    __slots__ = ("problems",)

    def __init__(self, file: PlanFile) -> None:
        self.problems = Problems(file)

    def table(self, node: Node, what: str) -> dict[Scalar, Node] | None:
        """The entries of a mapping, by key; keys must be distinct text. None if it is not a mapping."""
        if not isinstance(node, Table):
            self.problems.bad_type(node, f"{what} must be a mapping, `key: value`", "write its keys below it, indented")
            return None
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in node.entries:
            name = self.text(key, "a key")
            if name is None or not isinstance(key, Scalar):
                continue
            if name in entries:
                self.problems.duplicate_key(key, entries[name][0])
                continue
            entries[name] = (key, value)
        return dict(entries.values())

    def form(self, node: Node, what: str, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Node]:
        """The values of a mapping with known keys; unknown and missing keys are reported."""
        entries = self.table(node, what)
        if entries is None:
            return {}
        known = (*required, *optional)
        values = {key.text: value for key, value in entries.items() if key.text in known}
        absent = [key for key in known if key not in values]
        meant = {self.problems.unknown_key(key, what, absent, known) for key in entries if key.text not in known}
        for key in required:
            if key not in values and key not in meant:
                self.problems.report(Code.MISSING_KEY, node, f"{what} has no `{key}`", f"add `{key}:`")
        return values

    def items(self, node: Node, what: str, *, empty: bool = False) -> tuple[Node, ...]:
        """The elements of a list; it may be empty only if `empty` is set."""
        if not isinstance(node, Items):
            self.problems.bad_type(
                node, f"{what} must be a list", "write `- ` before each element, or put them in `[...]`"
            )
            return ()
        if not node.nodes and not empty:
            self.problems.bad_value(node, f"{what} is empty", "name at least one")
        return node.nodes

    def text(self, node: Node, what: str) -> str | None:
        """Non-empty text that can be shown on one line."""
        if not isinstance(node, Scalar):
            self.problems.bad_type(node, f"{what} must be text", "write a single value")
            return None
        if node.kind != "text":
            self.problems.not_text(node, what)
            return None
        if not node.text.strip():
            self.problems.bad_value(node, f"{what} is empty", "write the text")
        elif not node.text.isprintable():
            help_text = "remove line ends, invisible and control characters; `>-` joins lines"
            self.problems.bad_value(
                node, f"{what} holds a character that cannot be shown: {shown(node.text)}", help_text
            )
        elif node.text != node.text.strip():
            self.problems.bad_value(node, f"{what} starts or ends with a space: {shown(node.text)}", "remove the space")
        else:
            return node.text
        return None

    def texts(self, node: Node, what: str, each: str, *, empty: bool = False) -> dict[str, Scalar]:
        """The texts of a list, with their places; duplicates are reported."""
        return self.distinct(self.items(node, what, empty=empty), lambda item: self.text(item, each))

    def choices(self, node: Node, what: str, each: str, known: Collection[str]) -> tuple[str, ...]:
        """A list of known words."""
        return tuple(self.distinct(self.items(node, what), lambda item: self.choice(item, each, known)))

    def distinct(self, nodes: Iterable[Node], read: Callable[[Node], str | None]) -> dict[str, Scalar]:
        """The results of `read` for the nodes, each once, with their places."""
        first: dict[str, Scalar] = {}
        for node in nodes:
            value = read(node)
            if value is None or not isinstance(node, Scalar):
                continue
            if value in first:
                self.problems.bad_value(
                    node, f"{shown(value)} is listed twice: first on line {first[value].line}", "remove one"
                )
                continue
            first[value] = node
        return first

    def choice(self, node: Node, what: str, known: Collection[str]) -> str | None:
        """One of the known words."""
        text = self.text(node, what)
        if text is None or text in known:
            return text
        self.problems.bad_value(node, f"{what} cannot be {shown(text)}", suggestion(text, known))
        return None

    def slug(self, node: Node, what: str) -> str | None:
        """A name in lower kebab case."""
        text = self.text(node, what)
        if text is None or _SLUG.fullmatch(text):
            return text
        better = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "like-this"
        help_text = f"write lower-case letters, digits and single hyphens: {shown(better)}"
        self.problems.bad_value(node, f"{what} {shown(text)} is not in kebab case", help_text)
        return None

    def position(self, node: Node, what: str) -> int:
        """A whole number from 1 to 9999, in plain digits."""
        if not isinstance(node, Scalar) or node.kind != "number":
            self.problems.bad_type(node, f"{what} must be a whole number", "write it without quotes, such as 1")
        elif not _POSITION.fullmatch(node.text):
            self.problems.bad_value(node, f"{what} cannot be {shown(node.text)}", "write a whole number from 1 to 9999")
        else:
            return int(node.text)
        return 0
