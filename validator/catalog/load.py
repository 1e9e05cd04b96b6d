"""Reads a directory of plan files into goals and events, or reports every mistake in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validator.catalog.events import EventFile, read_event
from validator.catalog.files import plan_paths
from validator.catalog.goals import GoalFile, GoalReader
from validator.errors import PlanError, UsageError
from validator.syntax.plan_file import PlanFile
from validator.syntax.plan_file_codes import Code
from validator.syntax.yaml_tree import Scalar, Table, read_tree

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from validator.catalog.model import Event, Goal
    from validator.syntax.yaml_tree import Node


def load_directory(directory: Path) -> tuple[list[Goal], list[Event]]:
    """Reads all goals, in the order of listings, and all events, by file name.

    Raises:
        PlanError: There are mistakes in the files; the error lists all of them, sorted by place.
        UsageError: There are no plan files.
    """
    files = [PlanFile(path) for path in plan_paths(directory)]
    if not files:
        raise UsageError(f"no plans in {str(directory)!r}: expected events/*.yaml and goals/*.yaml there")
    roots = [(file, read_tree(file)) for file in files]
    events = _events(roots)
    goals = _goals(roots, events)
    if wrong := [diagnostic for file in files for diagnostic in file.diagnostics]:
        raise PlanError(sorted(wrong, key=lambda d: (d.path, d.line, d.column, d.code, d.message)))
    ordered = sorted(goals, key=lambda g: (g.order, g.goal.slug))
    return [g.goal for g in ordered], [e.event for e in events.values()]


def _is_goal(file: PlanFile, root: Node) -> bool:
    """Decides by the content of a file; if that is unclear, by its folder."""
    entries = root.entries if isinstance(root, Table) else ()
    keys = {key.text for key, _ in entries if isinstance(key, Scalar)}
    return "goal" in keys or ("event" not in keys and file.path.parent.name == "goals")


def _events(roots: Iterable[tuple[PlanFile, Node | None]]) -> dict[str, EventFile]:
    events: dict[str, EventFile] = {}
    for file, root in roots:
        if root is None or _is_goal(file, root):
            continue
        read = read_event(file, root)
        if read is None:
            continue
        if first := events.get(read.event.name):
            _report_twice(file, read.name, f"event `{first.event.name}`", first.file)
            continue
        events[read.event.name] = read
    return events


def _goals(roots: Iterable[tuple[PlanFile, Node | None]], events: dict[str, EventFile]) -> list[GoalFile]:
    named = {id(read.file) for read in events.values()}
    nameless = {file.path.stem for file, root in roots if id(file) not in named and not (root and _is_goal(file, root))}
    reader = GoalReader(events, lambda name: _stem(name) in nameless)
    goals: dict[str, GoalFile] = {}
    for file, root in roots:
        read = reader.read(file, root) if root is not None and _is_goal(file, root) else None
        if read is None:
            continue
        if first := goals.get(read.goal.slug):
            _report_twice(file, read.slug, f"goal `{first.goal.slug}`", first.file)
            continue
        goals[read.goal.slug] = read
    return list(goals.values())


def _stem(name: str) -> str:
    """The expected file name of an event."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _report_twice(file: PlanFile, at: Node, what: str, first: PlanFile) -> None:
    message = f"the {what} is already defined in {first.path.name}"
    file.report(Code.DUPLICATE_DEFINITION, at, message, "rename or remove one of the two")
