"""Reads YAML as a tree of nodes with line and column.

It is built from the parser's events, not by `yaml.compose`: events show anchors and tags, and let depth and size be
bounded before anything recurses or expands.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import yaml
from yaml.reader import Reader
from yaml.resolver import Resolver

from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code
from validator.syntax.read_text import Mark, StopError, mark_of, read_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from validator.syntax.plan_file import PlanFile

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER = Resolver()
_PARSER_FAILURES = (yaml.YAMLError, ValueError, OverflowError, RecursionError)

Kind = Literal["text", "boolean", "number", "date", "null", "merge"]
_KINDS: dict[str, Kind] = {
    "tag:yaml.org,2002:bool": "boolean",
    "tag:yaml.org,2002:int": "number",
    "tag:yaml.org,2002:float": "number",
    "tag:yaml.org,2002:timestamp": "date",
    "tag:yaml.org,2002:null": "null",
    "tag:yaml.org,2002:merge": "merge",
}


class YamlLimits(NamedTuple):
    """Limits of a YAML file.

    Attributes:
        size: Bytes of the file.
        depth: Nesting depth of mappings and lists.
        nodes: Number of values; an aliased value is counted again for each alias.
        aliases: Whether anchors, aliases and merge keys may be used at all.
        too_large: What to do about a file that is larger.
        empty: What to do about an empty file.
    """

    size: int = 1 << 20
    depth: int = 20
    nodes: int = 1 << 20
    aliases: bool = False
    too_large: str = "split it into one file per event or goal"
    empty: str = "start it with `event:` or `goal:`, or remove it"


class Scalar(NamedTuple):
    """A single value, as written; `kind` is its YAML type."""

    text: str
    kind: Kind
    line: int
    column: int


class Items(NamedTuple):
    """A list."""

    nodes: tuple[Node, ...]
    line: int
    column: int


class Table(NamedTuple):
    """A mapping; its keys are nodes too, and may repeat."""

    entries: tuple[tuple[Node, Node], ...]
    line: int
    column: int


Node = Scalar | Items | Table


def read_tree(file: PlanFile, limits: YamlLimits = YamlLimits()) -> Node | None:  # noqa: B008 - it is immutable
    """Reads the document of a plan file; None if it cannot be read, which is reported (PL606)."""
    before = len(file.diagnostics)
    try:
        root = parse_tree(read_text(file.path, limits.size, limits.too_large), file, limits)
    except StopError as stop:
        file.report(stop.code, stop.at, stop.message, stop.help)
        return None
    return root if len(file.diagnostics) == before else None


def parse_tree(text: str, file: PlanFile, limits: YamlLimits) -> Node:
    """Parses a text with one document; unneeded features are reported to the file.

    Raises:
        StopError: It is not YAML, or exceeds a limit.
    """
    if odd := Reader.NON_PRINTABLE.search(text):
        name = f"U+{ord(odd.group()):04X}"
        raise StopError(mark_of(text[: odd.start()]), f"the character {name} is not allowed in YAML", "remove it")
    return _document(text, file, limits)


def _document(text: str, file: PlanFile, limits: YamlLimits) -> Node:
    try:
        loader = _LOADER(text)
        try:
            return _single(loader.get_event, file, limits)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error) from None
    except _PARSER_FAILURES:
        raise StopError(None, "the file is not YAML", "check it with a YAML-aware editor") from None


def _single(next_event: Callable[[], Any], file: PlanFile, limits: YamlLimits) -> Node:
    empty = StopError(None, "the file is empty", limits.empty)
    next_event()
    if not isinstance(next_event(), yaml.DocumentStartEvent):
        raise empty
    root = _Builder(next_event, file, limits).node(next_event(), 0)
    next_event()
    after = next_event()
    if isinstance(after, yaml.DocumentStartEvent):
        raise StopError(_mark(after), "a second document starts here", "give each event and each goal its own file")
    if isinstance(root, Scalar) and root.kind == "null":
        raise empty
    return root


def _syntax_error(error: yaml.MarkedYAMLError) -> StopError:
    mark = error.problem_mark or error.context_mark
    what = ", ".join(part for part in (error.context, error.problem) if part)
    help_text = "fix the YAML here or just above: indent with spaces, put text with `: `, ` #` or brackets in quotes"
    return StopError(Mark(mark.line + 1, mark.column + 1) if mark else None, f"not YAML: {what}", help_text)


def _mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


@lru_cache(maxsize=2048)
def _kind(plain: str) -> Kind:
    """The YAML type of a plain scalar."""
    tag: str = _RESOLVER.resolve(yaml.ScalarNode, plain, (True, False))  # type: ignore[no-untyped-call]
    return _KINDS.get(tag, "text")


class _Builder:
    """Turns parser events into nodes, and reports unneeded features."""

    __slots__ = ("_anchored", "_count", "_deepest", "_file", "_limits", "_next_event")

    def __init__(self, next_event: Callable[[], Any], file: PlanFile, limits: YamlLimits) -> None:
        self._next_event = next_event
        self._file = file
        self._limits = limits
        self._count = self._deepest = 0
        self._anchored: dict[str, tuple[Node, int, int]] = {}  # name -> node, its number of values, and its height

    def node(self, event: Any, depth: int) -> Node:
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        self._enter(Mark(line, column), depth, 1)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, Mark(line, column), depth)
        self._refuse_extras(event)
        before, outside, self._deepest = self._count, self._deepest, depth
        if isinstance(event, yaml.ScalarEvent):
            node: Node = self._scalar(event, line, column)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Items(self._until(yaml.SequenceEndEvent, depth + 1), line, column)
        else:
            children = self._until(yaml.MappingEndEvent, depth + 1)
            node = Table(tuple(zip(children[::2], children[1::2], strict=True)), line, column)
        if event.anchor is not None:
            self._anchored[event.anchor] = (node, self._count - before + 1, self._deepest - depth)
        self._deepest = max(outside, self._deepest)
        return node

    def _enter(self, at: Mark, depth: int, values: int) -> None:
        if depth > self._limits.depth:
            message = f"nested more than {self._limits.depth} deep"
            raise StopError(at, message, "no plan needs this; check the brackets")
        self._count += values
        if self._count > self._limits.nodes:
            message = f"more than {self._limits.nodes:,} values from here on, those of aliases counted each time"
            raise StopError(at, message, "split the file; no plan needs this many", Code.TOO_LARGE)

    def _until(self, end: type, depth: int) -> tuple[Node, ...]:
        nodes: list[Node] = []
        while not isinstance(event := self._next_event(), end):
            nodes.append(self.node(event, depth))
        return tuple(nodes)

    def _scalar(self, event: Any, line: int, column: int) -> Scalar:
        kind = _kind(event.value) if event.implicit[0] else "text"
        if kind == "merge" and not self._limits.aliases:
            self._refuse(event, "the merge key `<<`", "write the keys out")
        return Scalar(event.value, kind, line, column)

    def _alias(self, event: Any, at: Mark, depth: int) -> Node:
        what = f"the alias {shown(f'*{event.anchor}')}"
        if not self._limits.aliases:
            self._refuse(event, what, "write the value out here")
        elif event.anchor not in self._anchored:
            help_text = "an alias stands for an anchor that ended before it; write the value out here"
            raise StopError(at, f"{what} stands for nothing that is complete here", help_text)
        else:
            node, values, height = self._anchored[event.anchor]
            self._enter(at, depth + height, values)
            self._deepest = max(self._deepest, depth + height)
            return node
        return Scalar("", "text", at.line, at.column)

    def _refuse_extras(self, event: Any) -> None:
        if event.anchor is not None and not self._limits.aliases:
            self._refuse(event, f"the anchor {shown(f'&{event.anchor}')}", "remove it")
        if event.tag is not None:
            self._refuse(event, f"the tag {shown(event.tag)}", "remove it; quotes make a text")

    def _refuse(self, event: Any, what: str, help_text: str) -> None:
        self._file.report(Code.NOT_YAML, _mark(event), f"{what} is not used in plans", help_text)
