"""How to fix a violation, in a sentence. Never shows a value of the call; names and types may appear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.engine.near_miss import near_keys
from validator.report import finding_messages
from validator.report.violation_messages import path_words
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.engine.compile.program import Program
    from validator.report.call_violations import CallViolation

_NUMBERS = frozenset(["a number", "a whole number"])


def fix_of(violation: CallViolation, program: Program, planned: Iterable[str]) -> str:
    """What to change, in the call or else in the plan.

    Args:
        violation: What is wrong.
        program: The compiled plans.
        planned: The properties that the plans know of such calls.
    """
    code = violation.code
    if code in ("TP201", "UC102"):
        return _missing(violation, program)
    if code == "TP202":
        return _wrong_type(violation)
    if code == "TP203":
        near = program.near_misses.planned(violation.event)
        return f'Name the event "{near}".' if near else "Add the event to the plan, or stop sending it."
    if code == "TP204":
        return _unplanned(violation, planned)
    if code in ("TP205", "TP206", "TP207", "TP208"):
        return f"Send {violation.expected}; if what is sent is right, change the plan."
    return RULES[code].fix


def _missing(violation: CallViolation, program: Program) -> str:
    name = violation.missing or violation.property or ""
    if violation.near:
        return f"Rename {violation.near[0]} to {name}: names match strictly."
    types = [
        kind
        for found in program.expectations(violation.event, name)
        for _, test in found.places
        for kind in test.types or ()
    ]
    which = f" ({finding_messages.types(types)})" if types else ""
    return f"Send {name}{which} with every {violation.event}; leave it out of the plan if it is not always known."


def _wrong_type(violation: CallViolation) -> str:
    wanted = violation.expected
    where = path_words(violation.instance_location) or violation.property or "it"
    if violation.got == "null":
        return f"Send {wanted}; leave {where} out where there is no value, instead of null."
    if violation.got == "string" and wanted in _NUMBERS:
        return f"Send {wanted}: without quotes."
    if violation.got in ("number", "integer", "boolean") and wanted == "text":
        return "Send text: in quotes."
    return f"Send {wanted}."


def _unplanned(violation: CallViolation, planned: Iterable[str]) -> str:
    names = violation.extra or ((violation.property,) if violation.property else ())
    known = list(planned)
    renamed = [(name, near[0]) for name in names if (near := near_keys(name, known))]
    if renamed:
        return "; ".join(f"Rename {name} to {near}, if that is meant" for name, near in renamed) + "."
    these = ", ".join(names) or "them"
    return f"Add {these} to the plan, or stop sending {'it' if len(names) == 1 else 'them'}."
