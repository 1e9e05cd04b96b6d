"""Findings in one sentence each, for people: what, how often, what was expected. Never a value from an event."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from msgspec.structs import replace

from validator.engine.lint.names import shown
from validator.engine.lint.personal_data import kinds_of_name, masked
from validator.model import JSON_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.catalog.own_names import Names
    from validator.report.model import Finding

_TYPE = {
    "null": "null",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "array": "a list",
    "object": "an object",
}

_FAULT = {
    "SP301": "{} no type that Segment knows (track, page, screen, identify, group, alias)",
    "SP302": "{} the type in another case; it was taken as meant, but Segment's libraries write it in lower case",
    "IN501": "{} not JSON",
    "IN502": "{} not UTF-8 (a UTF-16 file? convert it: iconv -f UTF-16 -t UTF-8)",
    "IN503": "{} JSON but no object, so no call",
    "IN504": "{} longer than the limit and not judged (--max-line)",
    "IN505": "{} nested deeper than the limit and not judged (--max-depth)",
    "IN506": "{} damaged: what can be read was, the rest is missing",
    "IN507": "{} not be read",
    "IN508": "{} deadly to every process that read it, and set aside",
    "IN509": "{} written to while being read",
}
_SUBJECT = {
    "SP301": ("call has", "calls have"),
    "SP302": ("call has", "calls have"),
    "IN506": ("input is", "inputs are"),
    "IN507": ("input could", "inputs could"),
    "IN509": ("input was", "inputs were"),
}


def is_fault(code: str) -> bool:
    """Whether there are words here for a rule."""
    return code in _FAULT


def fault(code: str, count: int) -> str:
    """What is wrong with lines, calls or inputs as such."""
    one, many = _SUBJECT.get(code, ("line is", "lines are"))
    return _FAULT[code].format(f"{count:,} {one if count == 1 else many}") + "."


def rejected(code: str | None, unit: str) -> str:
    """Why a line is no call; without a code it is blank.

    Args:
        code: The rule.
        unit: `line`, or `element` among documents.
    """
    return _FAULT[code].format(f"The {unit} is") + "." if code else f"The {unit} is blank."


def never_seen(event: str) -> str:
    """A recommended event without a call."""
    return f"{event} is recommended, and was never seen."


def near_miss(name: str, planned: str, count: int) -> str:
    """An unplanned name that nearly is a planned one."""
    return f'"{spoken(name)}" ({calls(count)}) is in no plan: did you mean "{planned}"? {_strictly(name, planned)}.'


def unplanned_event(name: str, count: int, plans: Iterable[str]) -> str:
    """A call that a plan of the user's own does not know."""
    if not name:
        return f"Track calls without an event are not in {' nor in '.join(plans)}: {count:,}."
    return f'"{spoken(name)}" ({calls(count)}) is not in {" nor in ".join(plans)}.'


def unplanned_kind(kind: str, count: int, plans: Iterable[str]) -> str:
    """Page or screen calls with names that a plan of the user's own does not know, or none."""
    return f"{kind} calls with names that are not in {' nor in '.join(plans)}: {count:,}."


def unplanned_property(event: str, name: str, count: int, of: int, plans: Iterable[str]) -> str:
    """A property that no plan rule of its event knows."""
    return (
        f"{event}: {spoken(name)} is not in {' nor in '.join(plans)}, and sent in {count:,} of {calls(max(of, count))}."
    )


def unplanned_call(name: str, plans: Iterable[str], near: str | None) -> str:
    """One call that a plan of the user's own does not know, and the planned name that it nearly has."""
    hint = f': did you mean "{near}"? {_strictly(name, near)}.' if near else "."
    return f'"{spoken(name)}" is not in {" nor in ".join(plans)}{hint}'


def unplanned_key(event: str, name: str, plans: Iterable[str]) -> str:
    """A property of one call that no plan rule of its event knows."""
    return f"{event}: {spoken(name)} is not in {' nor in '.join(plans)}."


def spoken(name: str) -> str:
    """A name that no plan has: without what is private, and with what nobody sees written out."""
    return masked(name) if kinds_of_name(name) else shown(name)


def _strictly(name: str, planned: str) -> str:
    """How names match; and of one that may look like the planned one, which characters it has instead."""
    strange = [c for c in dict.fromkeys(name) if not c.isascii() and c not in planned and c.isprintable()]
    told = [f"{c} (U+{ord(c):04X} {unicodedata.name(c, '').lower()})".replace(" )", ")") for c in strange[:3]]
    return "Names match strictly" + (f", and this one has {', '.join(told)}" if told else "")


def not_allowed(names: Iterable[str]) -> str:
    """Which properties those are that a plan does not allow."""
    listed = ", ".join(dict.fromkeys(map(spoken, names)))
    return f" (among them {listed})" if listed else ""


def with_own_names(finding: Finding, names: Names) -> Finding:
    """A finding about use cases, with the team's own names of what it is about."""
    if not finding.event or not finding.use_cases or finding.code == "NM401":
        return finding
    own = [names.of_event(finding.event)]
    if finding.property:
        own.append(names.of_property(finding.event, finding.property))
    if not any(own):
        return finding
    told = ", ".join(" or ".join(several) for several in own if several)
    return replace(finding, message=f"{finding.message.removesuffix('.')} (your names: {told}).")


def types(names: Iterable[str]) -> str:
    """JSON types in words."""
    wanted = frozenset(names)
    return " or ".join(_TYPE[name] for name in JSON_TYPES if name in wanted)


def type_words(name: str) -> str:
    """A JSON type in words."""
    return _TYPE[name]


def calls(count: int) -> str:
    """A number of calls."""
    return f"{count:,} call{'' if count == 1 else 's'}"
