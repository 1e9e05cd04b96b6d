"""What contestants count, and whether two of them counted the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, NotRequired, TypedDict

from samples.vocabulary import RECOMMENDED
from validator.model import pointer_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from samples.truth import Truth
    from validator import PlanRule, TrackingPlan, UseCase

KEYWORDS = ("required", "type", "enum", "pattern", "minimum", "minLength")
KEYWORDS_NESTED = tuple(f"{keyword} nested" for keyword in KEYWORDS)
"""What plans of generated streams ask for."""


class Counts(TypedDict):
    """What one contestant counted in one file.

    By use cases: `events`: calls of each recommended event. `properties`: for each `Event.property`, either the calls
    that carry it as they should, lack it, carry something else there; or, by who does not look at types, the calls
    that carry anything there and those that lack it. Empty by who stops at the first error.

    By a team's own plan: `invalid`, the calls that break it, by who can tell. `violations`: for each keyword (of the
    schema of the properties, or `nested` in one of theirs) that the contestant counts, the calls that break it, by
    `Event.property` and location.
    """

    events: dict[str, int]
    properties: dict[str, list[int]]
    invalid: NotRequired[int]
    violations: NotRequired[dict[str, dict[str, int]]]


class Kind(NamedTuple):
    """The calls of one type and name that count as an event.

    Attributes:
        event: The event.
        places: Recommended property -> the keys that lead to each place where it may stand.
    """

    event: str
    places: Mapping[str, Sequence[tuple[str, ...]]]

    def fixed(self) -> list[str]:
        """The properties that stand under `properties` and nowhere else."""
        return [name for name, places in self.places.items() if len(places) == 1]


# Call type in lower case, and event name of a track call.
Key = tuple[str, str | None]


def kinds(use_cases: Iterable[UseCase]) -> dict[Key, Kind]:
    """The kinds of call that the use cases recommend, with what any of them recommends."""
    found: dict[Key, Kind] = {}
    for use in (use for use_case in use_cases for use in use_case.events):
        for match in use.event.calls:
            key = match.type, use.event.name if match.type == "track" else None
            places = {n: [pointer_keys(p) for p in use.event.places(match, n)] for n in use.recommended}
            known = found.get(key, Kind(use.event.name, {}))
            found[key] = Kind(use.event.name, {**known.places, **places})
    return found


def key_of(call: Mapping[str, Any]) -> Key | None:
    """The kind of a parsed call."""
    kind = call.get("type")
    if not isinstance(kind, str):
        return None
    kind = kind.lower()
    event = call.get("event")
    return kind, event if kind == "track" and isinstance(event, str) else None


def value_at(call: Any, keys: Sequence[str]) -> Any:
    """The value at a place; None where there is none."""
    for key in keys:
        call = call.get(key) if isinstance(call, dict) else None
    return call


class States:
    """Counts calls whose faults are known: what is neither lacking nor wrong is as it should be."""

    def __init__(self, use_cases: Iterable[UseCase]) -> None:
        self.kinds = kinds(use_cases)
        self.calls: Counter[Key] = Counter()
        self.missing: Counter[tuple[Key, str]] = Counter()
        self.invalid: Counter[tuple[Key, str]] = Counter()

    def note(self, key: Key, missing: Iterable[str], invalid: Iterable[str]) -> None:
        """One call that lacks these properties, and carries those as something else."""
        places = self.kinds[key].places
        self.missing.update((key, name) for name in missing if name in places)
        self.invalid.update((key, name) for name in invalid if name in places)

    def counts(self) -> Counts:
        """The sums over all kinds of call."""
        events: Counter[str] = Counter()
        properties: dict[str, list[int]] = {}
        for key, kind in self.kinds.items():
            events[kind.event] += self.calls[key]
            for name in kind.places:
                missing, invalid = self.missing[key, name], self.invalid[key, name]
                _add(properties, f"{kind.event}.{name}", [self.calls[key] - missing - invalid, missing, invalid])
        return Counts(events=dict(events), properties=properties)


class Seen(NamedTuple):
    """Calls that look alike to who only sees keys.

    Attributes:
        key: Their kind; None where their type is no text.
        fields: The top-level fields that are there and not null; only those are needed that plans look at.
        properties: The keys under `properties`; empty where that is no object.
        calls: How many.
    """

    key: Key | None
    fields: frozenset[str]
    properties: frozenset[str]
    calls: int


def plan_presence(plan: TrackingPlan, calls: Mapping[str, int], there: Mapping[tuple[str, str], int]) -> Counts:
    """The counts of who only sees keys, by a team's plan: calls that lack a required property.

    Args:
        plan: The plan; each of its rules is about track calls of one event.
        calls: Track calls of each event.
        there: Calls of each event that carry a property.
    """
    found = {
        f"{rule.key}.{name} /properties": calls.get(rule.key, 0) - there.get((rule.key, name), 0)
        for rule in plan.rules
        for name in required(rule)
        if rule.key is not None
    }
    return Counts(events={}, properties={}, violations={"required": found})


def required(rule: PlanRule) -> list[str]:
    """The properties that a rule requires."""
    return list(rule.schema["properties"]["properties"].get("required", []))


def presence(use_cases: Iterable[UseCase], shapes: Iterable[Seen]) -> Counts:
    """The counts of who only sees keys."""
    wanted = kinds(use_cases)
    events = dict.fromkeys([kind.event for kind in wanted.values()], 0)
    properties = {f"{kind.event}.{name}": [0, 0] for kind in wanted.values() for name in kind.places}
    for seen in shapes:
        kind = wanted.get(seen.key) if seen.key else None
        if kind is None:
            continue
        events[kind.event] += seen.calls
        for name, places in kind.places.items():
            there = any(p[-1] in (seen.properties if len(p) > 1 else seen.fields) for p in places)
            properties[f"{kind.event}.{name}"][not there] += seen.calls
    return Counts(events=events, properties=properties)


def disagreements(one: Counts, other: Counts) -> list[str]:
    """Where two contestants counted differently, as far as both count."""
    found = [
        f"{event}: {one['events'].get(event, 0):,} calls against {other['events'].get(event, 0):,}"
        for event in one["events"].keys() | other["events"].keys()
        if one["events"].get(event, 0) != other["events"].get(event, 0)
    ]
    mine, theirs = one["properties"], other["properties"]
    for name in mine.keys() | theirs.keys() if mine and theirs else ():
        a, b = mine.get(name, []), theirs.get(name, [])
        if len(a) != len(b):
            a, b = _there(a), _there(b)
        if a != b:
            found.append(f"{name}: {a} against {b}")
    return sorted(found) + _other_violations(one, other)


def _other_violations(one: Counts, other: Counts) -> list[str]:
    """Where two contestants counted differently how calls break a team's plan, as far as both count."""
    found = []
    a, b = one.get("invalid"), other.get("invalid")
    if a is not None and b is not None and a != b:
        found.append(f"{a:,} invalid calls against {b:,}")
    mine, theirs = one.get("violations", {}), other.get("violations", {})
    for keyword in sorted(mine.keys() & theirs.keys()):
        left, right = mine[keyword], theirs[keyword]
        found += [
            f"{what} {keyword}: {left.get(what, 0):,} calls against {right.get(what, 0):,}"
            for what in sorted(left.keys() | right.keys())
            if left.get(what, 0) != right.get(what, 0)
        ]
    return found


class Violations:
    """Counts how calls break a team's plan.

    Args:
        keywords: The keywords that are looked at, so that one that is never broken counts as well.
    """

    def __init__(self, keywords: Iterable[str]) -> None:
        self.invalid = 0
        self.found: dict[str, Counter[str]] = {keyword: Counter() for keyword in keywords}

    def add(self, event: str, name: str, location: str, keyword: str, calls: int = 1) -> None:
        """So many calls break a keyword of the plan for a property at a location; numbers of elements are `*`."""
        found = self.found.setdefault(depth(keyword, location), Counter())
        found[f"{event}.{name} {location}"] += calls

    def note(self, event: str, faults: Iterable[tuple[str, tuple[str | int, ...], str | None]]) -> None:
        """One call breaks these: keyword, instance location, and the name that is missing."""
        self.invalid += 1
        distinct = {
            (keyword, tuple("*" if type(k) is int else str(k) for k in at), name) for keyword, at, name in faults
        }
        ways = {(keyword, at, str(name) if len(at) == 1 else at[1]) for keyword, at, name in distinct}
        for keyword, at, name in ways:
            self.add(event, name, "/" + "/".join(at), keyword)

    def counts(self) -> Counts:
        """All of it."""
        found = {keyword: dict(calls) for keyword, calls in self.found.items()}
        return Counts(events={}, properties={}, invalid=self.invalid, violations=found)


def depth(keyword: str, location: str) -> str:
    """The keyword, marked where it is not about the properties themselves."""
    return keyword if location.count("/") < (2 if keyword == "required" else 3) else f"{keyword} nested"


def of_truth(truth: Truth, *, by_plan: bool) -> Counts:
    """What the generator of a stream knows of it."""
    if by_plan:
        known = Violations((*KEYWORDS, *KEYWORDS_NESTED))
        known.invalid = sum(truth.invalid.values())
        for how, calls in truth.violations.items():
            known.add(how.event, how.property, how.location, how.keyword, calls)
        return known.counts()
    properties = {}
    for event, calls in truth.planned.items():
        for name in RECOMMENDED[event]:
            missing, wrong = truth.missing[event, name], truth.wrong[event, name]
            properties[f"{event}.{name}"] = [calls - missing - wrong, missing, wrong]
    return Counts(events=dict(truth.planned), properties=properties)


def _there(numbers: list[int]) -> list[int]:
    """There or not, of numbers that tell more."""
    return [numbers[0] + numbers[2], numbers[1]] if len(numbers) == 3 else numbers


def _add(table: dict[str, list[int]], name: str, numbers: list[int]) -> None:
    table[name] = [a + b for a, b in zip(table.get(name, [0] * len(numbers)), numbers, strict=True)]
