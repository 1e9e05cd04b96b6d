"""How plan rules are judged, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.model import CALL_TYPES
from validator.render.catalog import wrap_entry
from validator.render.phrases import count
from validator.render.terminal_style import PLAIN, Style, wrap
from validator.report.rule_evaluation import Way

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.report.rule_evaluation import RulePath

_WAYS = {
    Way.TYPES: ("types", "by presence and types only"),
    Way.QUICK: ("quick", "with quick value checks"),
    Way.SCHEMA: ("schema", "with checks by a whole schema"),
}


def rule_paths_text(name: str, paths: Sequence[RulePath], style: Style = PLAIN) -> str:
    """All rules of a plan, each with how its places are judged."""
    numbers = [(sum(path.way is way for path in paths), way_name) for way, (_, way_name) in _WAYS.items()]
    shown = ", ".join(f"{number} {way_name}" for number, way_name in numbers if number)
    lines = wrap(f"{style.paint(style.text(name), 'bold')}: {count(len(paths), 'plan rule')}, {shown}", style, 2)
    for path in paths:
        lines += ["", *_rule(path, style)]
    return "\n".join(lines) + "\n"


def _rule(path: RulePath, style: Style) -> Iterator[str]:
    kind = f"{path.type} call" if path.type in CALL_TYPES else "any call"
    about = kind if path.key is None else f'{kind} "{path.key}"'
    heading = f"{about}, version {path.version}: {_WAYS[path.way][1]}"
    yield from (style.paint(line, "bold") for line in wrap(style.text(heading), style, 2))
    for way, (label, _) in _WAYS.items():
        parts = [f"{part.place} ({', '.join(part.keywords)})" for part in path.parts if part.way is way]
        if parts:
            yield from wrap_entry(f"  {label:<6}  ", style.text(", ".join(parts)), style)
