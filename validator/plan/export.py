"""Exported plans: texts by file name, and notes on what the format cannot express."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validator.plan.tracking_plan import PlanRule

LONGEST_NAME = 80
# Names reserved for devices on some systems.
DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


class ExportedPlan(NamedTuple):
    """An exported plan.

    Attributes:
        files: Texts by file name; `/` separates folders. A single file if the format needs only one.
        notes: What the format cannot express, one sentence each; nothing is dropped without a note.
        touched: The rules that notes are about, as `title` names them.
    """

    files: Mapping[str, str]
    notes: tuple[str, ...]
    touched: frozenset[str] = frozenset()


class Losses:
    """Collects what a format cannot express; the same loss in several rules becomes one note."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def plan(self, what: str) -> None:
        """Notes a loss of the plan as a whole."""
        self._found.setdefault(what, [])

    def rule(self, rule: PlanRule, what: str) -> None:
        """Notes a loss of a rule."""
        names = self._found.setdefault(what, [])
        if title(rule) not in names[-1:]:
            names.append(title(rule))

    def written(self, files: Mapping[str, str]) -> ExportedPlan:
        """The exported plan, with a note for each loss."""
        notes = tuple(f"{what}: {listed(names)}" if names else what for what, names in self._found.items())
        return ExportedPlan(files, notes, frozenset(name for names in self._found.values() for name in names))


def title(rule: PlanRule) -> str:
    """The name of a rule in notes."""
    name = rule.type if rule.key is None else rule.key if rule.type == "TRACK" else f"{rule.type} {rule.key}"
    return name if rule.version == 1 else f"{name} (version {rule.version})"


def dump_json(value: Any) -> str:
    """A JSON file."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def file_stem(name: str) -> str:
    """A name as a file name for any system: `Order Completed` becomes `order_completed`."""
    stem = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:LONGEST_NAME] or "event"
    return f"{stem}_" if DEVICES.fullmatch(stem) else stem


def distinct_stem(name: str, taken: set[str]) -> str:
    """A file stem that is not taken yet; adds it to `taken`."""
    stem = file_stem(name)
    number = 1
    while (free := stem if number == 1 else f"{stem}_{number}") in taken:
        number += 1
    taken.add(free)
    return free


def listed(names: list[str]) -> str:
    """The first names of a list, and the number of further ones."""
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"
