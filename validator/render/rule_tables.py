"""Tables of plan rules, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.engine.compile.tables import Class
from validator.model import CALL_TYPES
from validator.render.terminal_style import PLAIN, Style, wrap
from validator.report.table_view import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.report.table_view import TableView

_MARKS = {Class.FINE: ".", Class.COUNTS: "counts", Class.VALUE_DECIDES: "value", Class.JOINT: "joint"}
_HEADS = {"absent": "absent", "null": "null", "boolean": "bool", "integer": "int", "number": "number"}
_HEADS |= {"string": "string", "array": "array", "object": "object"}

_LEGEND = (
    "A dot is fine. `counts` deviates and is counted. `value` is decided by the value: by the keywords at the end of "
    "the line."
)


def tables_text(views: Sequence[TableView], style: Style = PLAIN) -> str:
    """Tables, one after another."""
    lines: list[str] = []
    for view in views:
        lines += [*_table(view, style), ""]
    return "\n".join([*lines, *wrap(_LEGEND, style, 0)]) + "\n"


def _table(view: TableView, style: Style) -> Iterator[str]:
    kind = f"{view.type} call" if view.type in CALL_TYPES else "any call"
    name = "" if view.name is None else f' "{style.text(view.name)}"'
    version = "" if view.version is None else f", version {view.version}"
    yield style.paint(f"{kind}{name}{version}", "bold")
    width = max((len(row.key) for row in view.rows), default=0)
    if view.rows:
        yield f"  {'':<{width}}  " + "  ".join(f"{_HEADS[t]:<6}" for t in TYPES).rstrip()
    for row in view.rows:
        cells = "  ".join(f"{_MARKS[row.classes[t]]:<6}" for t in TYPES)
        yield f"  {style.text(row.key):<{width}}  {cells}  {', '.join(row.decided_by)}".rstrip()
    for joint in view.joint:
        yield from wrap(f"  joint: {' or '.join(map(style.text, joint.places))} ({joint.why})", style, 4)
    for found in view.open:
        why = f"{', '.join(found.keywords)}: the evaluator judges each call"
        yield from wrap(f"  open: {style.text(found.place)} ({why})", style, 4)
    yield "  other keys: " + ("not allowed" if view.closed else "allowed")
