"""The tables of a plan rule's calls, as `uclint compile --explain EVENT` shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validator.engine.compile.deviation import ABSENT, OBJECT, TableKey
from validator.engine.compile.lowered_rule import COMMON
from validator.engine.compile.program import Program
from validator.engine.compile.tables import Class, Table
from validator.engine.compile.value_checks import INTEGER, SCHEMA
from validator.engine.decode.call_type import UNKNOWN
from validator.engine.judge.judge import Judge
from validator.model import JSON_TYPES
from validator.report.violation_messages import path_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from validator.engine.compile.groups import Group
    from validator.engine.compile.value_checks import ValueCheck
    from validator.plan import TrackingPlan

_ANNOTATIONS = frozenset(("title", "description", "default", "examples", "$comment"))

TYPES = (ABSENT, *JSON_TYPES)
"""What a place can have, in the order of the table's columns."""


class Row(msgspec.Struct, frozen=True):
    """A planned key.

    Attributes:
        key: The key of `/properties`.
        classes: Its class for each of `TYPES`.
        decided_by: The keywords that decide by value.
    """

    key: str
    classes: Mapping[str, Class]
    decided_by: tuple[str, ...]


class JointRow(msgspec.Struct, frozen=True):
    """Places that are judged for each call.

    Attributes:
        places: JSON pointers of the places.
        why: Why they are not judged key by key.
    """

    places: tuple[str, ...]
    why: str


class OpenRow(msgspec.Struct, frozen=True):
    """What only the evaluator can judge, for each call."""

    place: str
    keywords: tuple[str, ...]


class TableView(msgspec.Struct, frozen=True):
    """One table.

    Attributes:
        type: The call type.
        name: The event or page name; None for all of the type.
        version: The event version; None where plans have only one.
        rows: The planned keys.
        joint: What is judged for each call.
        open: What only the evaluator can judge.
        closed: Whether a rule allows no other keys.
    """

    type: str
    name: str | None
    version: int | None
    rows: tuple[Row, ...]
    joint: tuple[JointRow, ...]
    open: tuple[OpenRow, ...]
    closed: bool


def table_views(plan: TrackingPlan, event: str) -> tuple[TableView, ...]:
    """The tables of calls that a name stands for: an event or page name, or a call type; none if the plan has neither.

    Args:
        plan: The plan.
        event: The name, as reports call the event.
    """
    program = Program([plan])
    judge = Judge(program)
    return tuple(_view(Table(key, program, judge)) for key in _keys(program, event))


def names_of(plan: TrackingPlan) -> tuple[str, ...]:
    """The names that the rules of a plan apply to, in the form that `table_views` expects."""
    return tuple(dict.fromkeys(rule.key or rule.type.lower() for rule in plan.rules))


def _keys(program: Program, event: str) -> Iterator[TableKey]:
    versions = [None, *sorted(program.routes.versions)]
    for kind, name in dict.fromkeys(program.routes.kinds()):
        about = (kind, name) if kind != COMMON else (UNKNOWN, None)
        events = program.rules(*about).events
        if event == (name or kind) or event in events:
            for version in versions if name is not None else [None]:
                yield TableKey(*about, version, OBJECT)


def _view(table: Table) -> TableView:
    return TableView(
        type=table.key.type,
        name=table.key.name,
        version=table.key.version,
        rows=tuple(
            Row(planned.key, table.classes(planned), tuple(_keywords(planned.checks.checks)))
            for planned in table.keys.values()
        ),
        joint=tuple(_joint(group) for group in table.joint),
        open=tuple(OpenRow(path_words(check.place) or "the call", _keyword(check)) for check in table.open),
        closed=bool(table.rules.closed),
    )


def _joint(group: Group) -> JointRow:
    why = "any of several places will do" if len(group.places) > 1 else "a field of the call itself"
    return JointRow(group.places, why)


def _keywords(checks: Iterable[ValueCheck]) -> Iterator[str]:
    for check in checks:
        yield from _keyword(check)


def _keyword(check: ValueCheck) -> tuple[str, ...]:
    if check.keyword == SCHEMA:
        schema = check.argument[0]
        if not isinstance(schema, dict):
            return (str(schema).lower(),)
        return tuple(word for word in schema if word not in _ANNOTATIONS and not word.startswith("x-"))
    return ("type",) if check.keyword == INTEGER else (check.reported,)
