"""Reads a goal file, with the use cases under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validator.catalog.model import DESTINATION_TYPES, SOURCE_TYPES, EventUse, Goal, UseCase
from validator.catalog.yaml_reader import YamlReader
from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code
from validator.syntax.yaml_tree import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from validator.catalog.events import EventFile
    from validator.syntax.plan_file import PlanFile
    from validator.syntax.yaml_tree import Node

_GOAL_KEYS = ("goal", "name", "about", "order", "considerations", "use_cases")
_USE_CASE_KEYS = ("use_case", "name", "about", "events", "sources", "destinations")


class GoalFile(msgspec.Struct, frozen=True):
    """A goal and its place among the others.

    Attributes:
        goal: The goal, as far as it could be read.
        file: Its file.
        slug: The place of its slug.
        order: Its position in listings.
    """

    goal: Goal
    file: PlanFile
    slug: Node
    order: int


class GoalReader:
    """Reads goals, and checks their references to events.

    Args:
        events: The events, by name.
        unreadable: Whether the file of an event exists but could not be read; such an event is not reported as unknown.
    """

    def __init__(self, events: Mapping[str, EventFile], unreadable: Callable[[str], bool]) -> None:
        self._events = events
        self._unreadable = unreadable

    def read(self, file: PlanFile, root: Node) -> GoalFile | None:
        """Reads the goal of a file; None if not even its slug is known."""
        reader = YamlReader(file)
        form = reader.form(root, "a goal", _GOAL_KEYS)
        slug = reader.slug(form["goal"], "the goal") if "goal" in form else None
        name, about = _words(reader, form, "goal")
        considerations: tuple[str, ...] = ()
        if "considerations" in form:
            considerations = tuple(reader.texts(form["considerations"], "`considerations`", "a consideration"))
        order = reader.position(form["order"], "`order`") if "order" in form else 0
        use_cases = self._use_cases(reader, form["use_cases"], slug or "") if "use_cases" in form else ()
        if slug is None:
            return None
        return GoalFile(Goal(slug, name, about, considerations, use_cases), file, form["goal"], order)

    def _use_cases(self, reader: YamlReader, node: Node, goal: str) -> tuple[UseCase, ...]:
        found: dict[str, UseCase] = {}
        for item in reader.items(node, "`use_cases`"):
            form = reader.form(item, "a use case", _USE_CASE_KEYS)
            use_case = self._use_case(reader, form, goal)
            if use_case.slug in found:
                message = f"the use case {shown(use_case.slug)} is already defined under this goal"
                reader.problems.report(
                    Code.DUPLICATE_DEFINITION, form["use_case"], message, "rename or remove one of the two"
                )
            elif use_case.slug:
                found[use_case.slug] = use_case
        return tuple(found.values())

    def _use_case(self, reader: YamlReader, form: Mapping[str, Node], goal: str) -> UseCase:
        slug = reader.slug(form["use_case"], "the use case") if "use_case" in form else None
        name, about = _words(reader, form, "use case")
        events = self._event_uses(reader, form["events"]) if "events" in form else ()
        sources: tuple[str, ...] = ()
        destinations: tuple[str, ...] = ()
        if "sources" in form:
            sources = reader.choices(form["sources"], "`sources`", "a source type", SOURCE_TYPES)
        if "destinations" in form:
            destinations = reader.choices(
                form["destinations"], "`destinations`", "a destination type", DESTINATION_TYPES
            )
        return UseCase(goal, slug or "", name, about, events, sources, destinations)

    def _event_uses(self, reader: YamlReader, node: Node) -> tuple[EventUse, ...]:
        uses: dict[str, EventUse] = {}
        for item in reader.items(node, "`events`"):
            name_node, recommended = _event_item(reader, item)
            name = None if name_node is None else reader.text(name_node, "an event")
            if name is None or name_node is None:
                continue
            use = _event_use(reader, self._events.get(name), recommended)
            if name in uses:
                reader.problems.bad_value(name_node, f"the event {shown(name)} is listed twice", "remove one")
            elif use is not None:
                uses[name] = use
            elif not self._unreadable(name):
                reader.problems.unknown_name(name_node, f"there is no event {shown(name)}", name, self._events)
        return tuple(uses.values())


def _words(reader: YamlReader, form: Mapping[str, Node], what: str) -> tuple[str, str]:
    name = reader.text(form["name"], f"the {what}'s `name`") if "name" in form else None
    about = reader.text(form["about"], f"the {what}'s `about`") if "about" in form else None
    return name or "", about or ""


def _event_item(reader: YamlReader, item: Node) -> tuple[Node | None, Node | None]:
    """The place of an event's name, and of its recommended properties, if they are listed."""
    if not isinstance(item, Table):
        return item, None
    form = reader.form(item, "an event with chosen properties", ("event", "recommended"))
    return form.get("event"), form.get("recommended")


def _event_use(reader: YamlReader, known: EventFile | None, recommended: Node | None) -> EventUse | None:
    chosen = {} if recommended is None else reader.texts(recommended, "`recommended`", "a property", empty=True)
    if known is None:
        return None
    event = known.event
    names = {p.name: p for p in event.properties}
    for name, at in chosen.items():
        if known.properties_known and name not in names:
            reader.problems.unknown_name(
                at, f"the event {shown(event.name)} has no property {shown(name)}", name, names
            )
    return EventUse(event, tuple(names if recommended is None else chosen))
