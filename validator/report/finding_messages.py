"""Fills in the message templates of rules. A message never contains a value from an event."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from msgspec.structs import replace

from validator.engine.lint.names import shown
from validator.engine.lint.personal_data import kinds_of_name, masked
from validator.model import JSON_TYPES
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

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

# Names listed in a message.
LISTED: Final = 5


def say(code: str, count: int = 1, /, case: str | None = None, **parts: str) -> str:
    """The message of a rule's findings."""
    return RULES[code].says.say(count, case, **parts)


def rejected(code: str, unit: str = "line") -> str:
    """Why a line is not a call, or what is wrong with the type of a call.

    Args:
        code: The rule.
        unit: `line`, or `element` among documents.
    """
    return RULES[code].says.one.format(count="The").replace("The line", f"The {unit}", 1)


def of_calls(code: str, count: int, subject: str) -> str:
    """What is wrong with calls or lines; without a subject, with properties too numerous to keep by name."""
    if not subject and "unnamed" in RULES[code].says.special:
        return say(code, count, "unnamed", times="once" if count == 1 else f"{count:,} times")
    return say(code, count, what=subject or "properties")


def unplanned_event(name: str, count: int, plans: Iterable[str]) -> str:
    """A call that a plan of the user's own does not know."""
    case = None if name else "without event"
    return say("TP203", count, case, name=spoken(name), calls=calls(count), plans=neither(plans))


def unplanned_property(event: str, name: str, count: int, of: int, plans: Iterable[str]) -> str:
    """A property that no plan rule of its event knows."""
    return say("TP204", count, event=event, name=spoken(name), calls=calls(max(of, count)), plans=neither(plans))


def unplanned_call(name: str, plans: Iterable[str], near: str | None) -> str:
    """One call that a plan of the user's own does not know, and a similar planned name."""
    hint = f': did you mean "{near}"? {strictly(name, near)}.' if near else "."
    return say("TP203", case="of one call", name=spoken(name), plans=neither(plans), end=hint)


def neither(plans: Iterable[str]) -> str:
    """The plans that do not know something."""
    return " nor in ".join(plans)


def convention(form: str, example: str | None) -> str:
    """How names are to be written, such as: in snake_case, such as `plan_name`."""
    return f"{form}, such as `{example}`" if example else form


def quoted(text: str, better: str | None) -> str:
    """A name as it is listed, and the suggested spelling."""
    return f'"{text}"' + (f' (did you mean "{better}"?)' if better else "")


def listed(names: Iterable[str]) -> str:
    """The first names, after a colon."""
    found = list(names)
    return ": " + ", ".join(found[:LISTED]) + (", ..." if len(found) > LISTED else "") if found else ""


def spoken(name: str) -> str:
    """A name that is in no plan: without private parts, and with invisible characters spelled out."""
    return masked(name) if kinds_of_name(name) else shown(name)


def strictly(name: str, planned: str) -> str:
    """How names match; for a name that may look like the planned one, also the characters that differ."""
    strange = [c for c in dict.fromkeys(name) if not c.isascii() and c not in planned and c.isprintable()]
    named = [f"{c} (U+{ord(c):04X} {unicodedata.name(c, '').lower()})".replace(" )", ")") for c in strange[:3]]
    return "Names match strictly" + (f", and this one has {', '.join(named)}" if named else "")


def not_allowed(names: Iterable[str]) -> str:
    """Which properties a plan does not allow."""
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
    named = ", ".join(" or ".join(several) for several in own if several)
    return replace(finding, message=f"{finding.message.removesuffix('.')} (your names: {named}).")


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
