"""The findings of lint rules in one sentence each. No value of an event is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from validator.report import finding_messages as words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# So many names are listed.
LISTED: Final = 5

PRIVATE: Final[Mapping[str, str]] = {
    "PV701": "an e-mail address",
    "PV702": "a phone number",
    "PV703": "the number of a payment card",
    "PV704": "a secret token",
}

CALLS: Final[Mapping[str, tuple[str, str]]] = {
    "SP303": ("call has no usable userId or anonymousId", "calls have no usable userId or anonymousId"),
    "SP304": ("track call has no event", "track calls have no event"),
    "SP305": ("group call has no groupId", "group calls have no groupId"),
    "SP306": ("alias call has no previousId", "alias calls have no previousId"),
    "SP307": ("call is larger than 32 KB", "calls are larger than 32 KB"),
    "SP308": ("call has no messageId", "calls have no messageId"),
    "SP309": (
        "call has a messageId of more than 100 characters",
        "calls have a messageId of more than 100 characters",
    ),
    "SP311": ("call has no timestamp", "calls have no timestamp"),
    "SP312": ("call has no ISO 8601 time as its {}", "calls have no ISO 8601 time as their {}"),
    "SP313": (
        "call has a timestamp of over a day after its arrival, or over two days before it",
        "calls have a timestamp of over a day after their arrival, or over two days before it",
    ),
    "SP314": (
        "call has the reserved property {} in a type that destinations do not expect",
        "calls have the reserved property {} in a type that destinations do not expect",
    ),
    "SP315": (
        "call has a currency that is no code of ISO 4217, such as USD",
        "calls have a currency that is no code of ISO 4217, such as USD",
    ),
    "SP316": ("call has {} that are no object", "calls have {} that are no object"),
    "SP317": (
        "identify call has its traits in the context only",
        "identify calls have their traits in the context only",
    ),
    **{code: (f"call has {what} in {{}}", f"calls have {what} in {{}}") for code, what in PRIVATE.items()},
}
"""What is said of one call, and of several; `{}` is the property or field."""

EVENT_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "NM402": ("event name holds a value", "event names hold a value"),
    "NM404": ("event name has odd characters or spaces", "event names have odd characters or spaces"),
    "NM406": ("event name is not {}", "event names are not {}"),
}
_PROPERTY_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "NM407": ("property is not {}", "properties are not {}"),
    "NM408": (
        "property has odd characters or spaces in its name",
        "properties have odd characters or spaces in their names",
    ),
}


def calls(code: str, count: int, subject: str) -> str:
    """What is wrong with calls; without a subject, with properties that were too many to keep their names."""
    if not subject and code in PRIVATE:
        times = "once" if count == 1 else f"{count:,} times"
        return f"There is {PRIVATE[code]} in further properties, {times}."
    return f"{count:,} {CALLS[code][count != 1].format(subject or 'properties')}."


def convention(said: str, example: str | None) -> str:
    """How names are to be written, such as: in snake_case, such as `plan_name`."""
    return f"{said}, such as `{example}`" if example else said


def name(text: str, better: str | None) -> str:
    """A name as it is listed, and how it is better written."""
    return f'"{text}"' + (f' (did you mean "{better}"?)' if better else "")


def event_names(code: str, count: int, names: int, listed: Iterable[str], written: str = "") -> str:
    """What is wrong with event names; those kept by name are counted and listed."""
    if not names:
        said = EVENT_NAMES[code][1].format(written)
        return f"E{said[1:]} ({words.calls(count)}); there were too many to keep these."
    return f"{names:,} {EVENT_NAMES[code][names != 1].format(written)} ({words.calls(count)}){_list(listed)}."


def property_names(code: str, event: str, names: int, listed: Iterable[str], written: str = "") -> str:
    """What is wrong with the names of properties."""
    return f"{event}: {names:,} {_PROPERTY_NAMES[code][names != 1].format(written)}{_list(listed)}."


def repeated(count: int, level: int) -> str:
    """Message ids that came again; looked for in one of `2 ** level` ids."""
    of = f"; looked for in one of {2**level:,} ids, chosen by their hash" if level else ""
    have = (
        "call repeats the messageId of an earlier one" if count == 1 else "calls repeat the messageId of an earlier one"
    )
    return f"{count:,} {have}{of}."


def dynamic_events(template: str, names: int, count: int, *, some: bool) -> str:
    """Event names that code makes; some, if there were too many to keep all."""
    least = "at least " if some else ""
    return (
        f'"{template}" stands for {least}{names:,} event names ({words.calls(count)}): send what varies as a property.'
    )


def dynamic_properties(event: str, template: str, names: int, *, some: bool) -> str:
    """Names of properties that code makes; some, if there were too many to keep all."""
    least = "at least " if some else ""
    return f'{event}: "{template}" stands for {least}{names:,} properties: send what varies as a value.'


def property_spellings(event: str, groups: Sequence[Sequence[str]]) -> str:
    """Properties under several spellings each."""
    told = "; ".join(" and ".join(f'"{name}"' for name in group[:LISTED]) for group in groups[:LISTED])
    more = "; ..." if len(groups) > LISTED else ""
    properties = "property has" if len(groups) == 1 else "properties have"
    return f"{event}: {len(groups):,} {properties} several spellings: {told}{more}."


def spellings(names: Sequence[tuple[str, int]]) -> str:
    """One event under several spellings, with how often each came."""
    told = ", ".join(f'"{name}" ({count:,})' for name, count in names[:LISTED])
    more = f" and {len(names) - LISTED:,} more" if len(names) > LISTED else ""
    return f"One event under {len(names):,} spellings? {told}{more}. Names match strictly."


def _list(names: Iterable[str]) -> str:
    listed = list(names)
    more = ", ..." if len(listed) > LISTED else ""
    return ": " + ", ".join(listed[:LISTED]) + more if listed else ""
