"""YAML text as a tree whose every node knows its line and column.

It is built from the parser's events, not by `yaml.compose`: those show anchors and tags, which a plan has no use for,
and let the depth be bounded before anything recurses.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import yaml
from yaml.reader import Reader
from yaml.resolver import Resolver

from validator.catalog.codes import Code
from validator.catalog.plan_file import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from validator.catalog.plan_file import PlanFile

MAX_BYTES = 1 << 20
MAX_DEPTH = 20

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


class Mark(NamedTuple):
    """A spot in the file, counted from 1."""

    line: int
    column: int


class Scalar(NamedTuple):
    """A single value, as written; `kind` is what YAML takes it for."""

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


class _StopError(Exception):
    """Nothing after this can be read."""

    def __init__(self, at: Mark | None, message: str, help_text: str) -> None:
        super().__init__(message)
        self.at, self.message, self.help = at, message, help_text


def read_tree(file: PlanFile) -> Node | None:
    """The one document of a plan file; None where it cannot be read, which is then reported (PL606)."""
    before = len(file.diagnostics)
    try:
        root = _document(_read_text(file), file)
    except _StopError as stop:
        file.report(Code.NOT_YAML, stop.at, stop.message, stop.help)
        return None
    return root if len(file.diagnostics) == before else None


def _read_text(file: PlanFile) -> str:
    raw = _read_bytes(file)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = _mark_of(raw[: error.start].decode("utf-8", "replace"))
        raise _StopError(at, "the file is not UTF-8 from here on", "save it with the encoding UTF-8") from None
    if odd := Reader.NON_PRINTABLE.search(text):
        name = f"U+{ord(odd.group()):04X}"
        raise _StopError(_mark_of(text[: odd.start()]), f"the character {name} is not allowed in YAML", "remove it")
    return text


def _read_bytes(file: PlanFile) -> bytes:
    try:
        if not file.path.is_file():
            raise _StopError(None, "not a regular file", "put a text file here, or remove this")
        with file.path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise _StopError(None, f"the file cannot be read: {why}", "check its permissions, or remove it") from None
    if len(raw) > MAX_BYTES:
        raise _StopError(
            None, f"the file is larger than {MAX_BYTES:,} bytes", "split it into one file per event or goal"
        )
    return raw


def _mark_of(before: str) -> Mark:
    return Mark(before.count("\n") + 1, len(before) - before.rfind("\n"))


def _document(text: str, file: PlanFile) -> Node:
    try:
        loader = _LOADER(text)
        try:
            return _single(loader.get_event, file)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error) from None
    except _PARSER_FAILURES:
        raise _StopError(None, "the file is not YAML", "check it with a YAML-aware editor") from None


def _single(next_event: Callable[[], Any], file: PlanFile) -> Node:
    empty = _StopError(None, "the file is empty", "start it with `event:` or `goal:`, or remove it")
    next_event()
    if not isinstance(next_event(), yaml.DocumentStartEvent):
        raise empty
    root = _Builder(next_event, file).node(next_event(), 0)
    next_event()
    after = next_event()
    if isinstance(after, yaml.DocumentStartEvent):
        raise _StopError(_mark(after), "a second document starts here", "give each event and each goal its own file")
    if isinstance(root, Scalar) and root.kind == "null":
        raise empty
    return root


def _syntax_error(error: yaml.MarkedYAMLError) -> _StopError:
    mark = error.problem_mark or error.context_mark
    what = ", ".join(part for part in (error.context, error.problem) if part)
    help_text = "mend the YAML here or just above: indent with spaces, put text with `: `, ` #` or brackets in quotes"
    return _StopError(Mark(mark.line + 1, mark.column + 1) if mark else None, f"not YAML: {what}", help_text)


def _mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


@lru_cache(maxsize=2048)
def _kind(plain: str) -> Kind:
    """What YAML takes a plain scalar for."""
    tag: str = _RESOLVER.resolve(yaml.ScalarNode, plain, (True, False))  # type: ignore[no-untyped-call]
    return _KINDS.get(tag, "text")


class _Builder:
    """Turns parser events into nodes, and reports what no plan needs."""

    __slots__ = ("_file", "_next_event")

    def __init__(self, next_event: Callable[[], Any], file: PlanFile) -> None:
        self._next_event = next_event
        self._file = file

    def node(self, event: Any, depth: int) -> Node:
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if depth > MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} deep"
            raise _StopError(Mark(line, column), message, "no plan needs this; check the brackets")
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"the alias {shown(f'*{event.anchor}')}", "write the value out here")
            return Scalar("", "text", line, column)
        self._refuse_extras(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, line, column)
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(self._until(yaml.SequenceEndEvent, depth + 1), line, column)
        children = self._until(yaml.MappingEndEvent, depth + 1)
        return Table(tuple(zip(children[::2], children[1::2], strict=True)), line, column)

    def _until(self, end: type, depth: int) -> tuple[Node, ...]:
        nodes: list[Node] = []
        while not isinstance(event := self._next_event(), end):
            nodes.append(self.node(event, depth))
        return tuple(nodes)

    def _scalar(self, event: Any, line: int, column: int) -> Scalar:
        kind = _kind(event.value) if event.implicit[0] else "text"
        if kind == "merge":
            self._refuse(event, "the merge key `<<`", "write the keys out")
        return Scalar(event.value, kind, line, column)

    def _refuse_extras(self, event: Any) -> None:
        if event.anchor is not None:
            self._refuse(event, f"the anchor {shown(f'&{event.anchor}')}", "remove it")
        if event.tag is not None:
            self._refuse(event, f"the tag {shown(event.tag)}", "remove it; quotes make a text")

    def _refuse(self, event: Any, what: str, help_text: str) -> None:
        self._file.report(Code.NOT_YAML, _mark(event), f"{what} is not used in plans", help_text)
