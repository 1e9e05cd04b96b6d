"""Findings of plan lint, as text and JSON."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from validator.model import Severity
from validator.render.terminal_style import PLAIN, Style, safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.model import Diagnostic

# If a rule has this many more findings in one file, the first is shown and the others are counted.
MANY = 20

_LOOKS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def lint_text(
    found: Sequence[tuple[Severity, Diagnostic]], style: Style = PLAIN, *, plans: int = 1, unusable: int = 0
) -> str:
    """One line for each finding, in the form editors and CI read, with its help below.

    Args:
        found: The findings in the plans that could be read.
        style: The style of the output.
        plans: Number of plans to lint.
        unusable: Number of plans that could not be read.
    """
    lines: list[str] = []
    many = Counter((at.path, at.code) for _, at in found)
    shown: set[tuple[str, str]] = set()
    for severity, at in found:
        if (at.path, at.code) in shown:
            continue
        more = many[at.path, at.code] - 1
        if more >= MANY:
            shown.add((at.path, at.code))
        place = ":".join([style.text(at.path), *(str(n) for n in (at.line, at.column) if n)])
        lines.append(f"{place}: {style.paint(severity.value, _LOOKS[severity])} {at.code} {style.text(at.message)}")
        lines[-1] += f", and {more:,} more like it; --format json lists all" if more >= MANY else ""
        lines += [f"  help: {style.text(at.help)}"] if at.help else []
    counts = [(severity, sum(one is severity for one, _ in found)) for severity in Severity]
    parts = [", ".join(_counted(n, s.value) for s, n in counts if n) or "no findings"] if unusable < plans else []
    parts += [f"{_counted(unusable, 'plan')} cannot be used"] if unusable else []
    return "\n".join([*lines, "; ".join(parts)]) + "\n"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def lint_json(found: Sequence[tuple[Severity, Diagnostic]]) -> str:
    """The findings as JSON; ASCII only."""
    entries = [
        {
            "code": at.code,
            "severity": severity.value,
            "path": safe(at.path),
            "line": at.line,
            "column": at.column,
            "message": at.message,
            "help": at.help,
        }
        for severity, at in found
    ]
    return json.dumps({"lint_version": 1, "findings": entries}, indent=2) + "\n"
