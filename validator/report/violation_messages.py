"""Messages of violations of plan rules. They may show values of plans, but never values of events."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from validator.model import JSON_TYPES, Severity, pointer_keys
from validator.report.finding_messages import calls, say, type_words, types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from validator.engine.compile.value_checks import Found
    from validator.engine.judge.violation import Violation

# Names listed in a message.
MOST = 5

_BOUNDS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters long",
    "maxLength": "at most {} characters long",
    "minItems": "a list of at least {} elements",
    "maxItems": "a list of at most {} elements",
    "minProperties": "an object with at least {} properties",
    "maxProperties": "an object with at most {} properties",
    "minContains": "a list with at least {} fitting elements",
    "maxContains": "a list with at most {} fitting elements",
    "uniqueItems": "a list without repetitions",
}
_FORMATS = {
    "date-time": "a date and time such as 2026-01-31T12:00:00Z",
    "date": "a date such as 2026-01-31",
    "time": "a time such as 12:00:00Z",
    "email": "an e-mail address",
    "uri": "a complete URL",
    "uuid": "a UUID",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "regex": "a regular expression",
}
_SINGLE = {
    "const": ("the value `{}`", "the one value that the plan names"),
    "pattern": ("text like `{}`", "text of the pattern that the plan gives"),
}
_OF_VALUES = ("TP205", "TP206", "TP207", "TP208")
_OTHER = {
    "anyOf": "fits none of the alternatives",
    "oneOf": "fits none or more than one of the alternatives, of which it must fit exactly one",
    "not": "is what the plan rules out",
    "contains": "has no element of the kind it needs",
    "false": "may not be there",
    "items": "has more elements than planned",
    "additionalItems": "has more elements than planned",
    "unevaluatedItems": "has more elements than planned",
    "dependencies": "lacks what belongs to it",
}


def sentence(
    group: Mapping[Violation, int],
    share: tuple[int, int] | None,
    places: Sequence[str] = (),
    near: Iterable[str] = (),
    who: Callable[[Iterable[Violation]], Iterable[str]] = lambda _: (),
) -> str:
    """The message of violations that form one finding.

    Args:
        group: The violations, with how many calls have each.
        share: How many calls have any of them, and of how many; None for a message about one call.
        places: The places of the property, if it has several.
        near: Keys that were sent and are similar to the missing one.
        who: Names the plans concerned, if they do not all expect the same.
    """
    message = _message(group, share, places, near, who)
    errors = [violation for violation in group if violation.severity is Severity.ERROR]
    if not errors or len(errors) == len(group):
        return message
    return f"{message.removesuffix('.')}; an error for {', '.join(who(errors))}."


def _message(
    group: Mapping[Violation, int],
    share: tuple[int, int] | None,
    places: Sequence[str],
    near: Iterable[str],
    who: Callable[[Iterable[Violation]], Iterable[str]],
) -> str:
    first = next(iter(group))
    of_all = "" if share is None else f" in {share[0]:,} of {calls(share[1])}"
    looked = f" (looked at {', '.join(places)})" if places else ""
    if first.code in ("UC102", "TP201"):
        missing = _listed(Counter({v.missing or v.property or "": n for v, n in group.items()}), shown=len(group) > 1)
        end = f"{of_all}{looked}{_did_you_mean(near) or '.'}"
        return say(first.code, len(group), event=first.event, name=_inside(first.location, missing), end=end)
    subject = subject_of(first)
    if share is not None and len(wishes := _wishes(group)) > 1:
        wants = [f"{wish} ({', '.join(who(those))})" for wish, those in sorted(wishes.items())[:MOST]]
        more = "" if len(wishes) <= MOST else " and more"
        some = f"{share[0]:,} of {calls(share[1])} {'breaks' if share[0] == 1 else 'break'} one"
        return f"{first.event}: {subject} should be {' and '.join(wants)}{more}: {some}."
    wrong_type = first.code == "TP202"
    return say(
        first.code,
        case="not allowed" if first.code == "TP204" else None,
        event=first.event,
        name=subject,
        expected=expected(first),
        came=_came(group) if wrong_type else "",
        complaint=_OTHER.get(first.keyword, f"breaks the rule `{first.keyword}`"),
        end=of_all + (looked if wrong_type else _closest(group)),
    )


def _wishes(group: Iterable[Violation]) -> dict[str, list[Violation]]:
    """Expected value in words -> its violations, if values are wrong."""
    wishes: dict[str, list[Violation]] = {}
    for violation in group:
        if violation.code == "TP202" or violation.code in _OF_VALUES:
            wishes.setdefault(expected(violation), []).append(violation)
    return wishes


def expected(violation: Violation | Found) -> str:
    """What a value should be, such as `a number` or `one of "free", "team"`."""
    keyword = violation.keyword
    argument = _argument(violation)
    if keyword in ("type", "anyOf"):
        names = argument if isinstance(argument, list) else [argument] if argument else JSON_TYPES
        return types(names)
    if keyword == "enum":
        if not argument:
            return "one of the values that the plan lists"
        return f"one of {_values(argument)}" if len(argument) > 1 else _values(argument)
    if keyword == "format":
        return _FORMATS.get(str(argument), f"of the format {argument}")
    if keyword in _SINGLE:
        form, unknown = _SINGLE[keyword]
        return unknown if argument is None else form.format(argument)
    return _BOUNDS.get(keyword, "as the plan says").format(argument)


def _argument(violation: Violation | Found) -> Any:
    return json.loads(violation.wanted) if violation.wanted else None


def _values(members: list[Any]) -> str:
    shown = [json.dumps(member, ensure_ascii=False) for member in members[:MOST]]
    return ", ".join(shown) + (f" and {len(members) - MOST} more" if len(members) > MOST else "")


def subject_of(violation: Violation) -> str:
    """The subject of a violation: a property, an element of a list, the call."""
    if violation.keyword == "anyOf" and violation.property and not violation.location:
        return violation.property
    return path_words(violation.location) or "the call as a whole"


def path_words(location: str) -> str:
    """A place in a call in readable form: `products[].sku`, `context.page`."""
    keys = list(pointer_keys(location))
    if keys == ["properties"]:
        return "`properties`"
    if keys[:1] == ["properties"]:
        keys = keys[1:]
    text = "any other property" if keys[:1] == ["*"] else ""
    for key in keys[bool(text) :]:
        text += "[]" if key == "*" else f".{key}" if text else key
    return text


def _inside(location: str, name: str) -> str:
    path = path_words(location)
    if not path or location == "/properties":
        return f"`{name}`" if name == "properties" else name
    return f"{path}.{name}"


def _listed(names: Counter[str], *, shown: bool) -> str:
    """Names with their counts, most common first."""
    most = [f"{name} ({count:,})" if shown else name for name, count in sorted(names.items(), key=_commonest)[:MOST]]
    return ", ".join(most) + (", ..." if len(names) > MOST else "")


def _commonest(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _came(group: Mapping[Violation, int]) -> str:
    """What was sent instead."""
    came: Counter[str] = Counter()
    for violation, count in group.items():
        came[violation.got or ""] += count
    if "" in came:
        return "something else"
    whole = any("integer" in (violation.wanted or "") for violation in group)
    names = [name for name, _ in sorted(came.items(), key=_commonest)]
    words = ["a number with a fraction" if name == "number" and whole else type_words(name) for name in names]
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _did_you_mean(near: Iterable[str]) -> str:
    names = [f"`{name}`" for name in near]
    return f"; did you mean {' or '.join(names[:2])}, which is there?" if names else ""


def _closest(group: Mapping[Violation, int]) -> str:
    """What fails in the closest branch."""
    details: Counter[tuple[Found, ...]] = Counter()
    for violation, count in group.items():
        details[violation.detail] += count
    detail = min(details, key=lambda d: (not d, -details[d], repr(d)))
    if not detail:
        return ""
    return f"; the closest alternative wants {' and '.join(map(_wish, detail))}"


def _wish(found: Found) -> str:
    if found.missing is not None:
        return f"{_inside(found.location, found.missing)} to be there"
    where = path_words(found.location)
    return f"{where} to be {expected(found)}" if where else expected(found)
