"""A second opinion on `uclint check`: slow, plain and written from the reference tables alone.

It shares no code with the package. It exists to be read and believed: whatever the fast engine reports for NDJSON
lines must be what this counts.
"""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import permutations
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

MAX_LINE = 1 << 20
MAX_DEPTH = 128
BOM = b"\xef\xbb\xbf"
LINE_CLASSES = ("call", "batch", "blank", "malformed", "not_object", "too_long", "too_deep")
CALL_TYPES = ("track", "page", "screen", "identify", "group", "alias")
VERDICTS = ("present", "missing", "invalid")
NATIVE = {"page": "Page Viewed", "screen": "Screen Viewed"}
# Where native calls may carry a property. Anything not listed has one place: /properties/<its name>.
PLACES = {
    ("page", "page_name"): [("name",), ("properties", "name"), ("properties", "page_name")],
    ("page", "page_category"): [("category",), ("properties", "category"), ("properties", "page_category")],
    ("screen", "screen_title"): [
        ("name",),
        ("properties", "name"),
        ("properties", "title"),
        ("properties", "screen_title"),
    ],
    ("screen", "screen_type"): [("category",), ("properties", "category"), ("properties", "screen_type")],
}
ASCII_LOWER = {ord(upper): ord(upper) + 32 for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)  # an unclosed one runs to the end
ABSENT = object()

Finding = tuple[str, str, str | None]  # code, event, property


# ------------------------------------------------------------------------------------------------ the tables


@cache
def read_table(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def select(reference: Path, names: Sequence[str] = ()) -> dict[str, dict[str, list[str]]]:
    """{"goal/slug": {event: recommended properties}} of the use cases named (goal/slug, or slug); none: all."""
    everything = {
        f"{goal['slug']}/{case['slug']}": {event["name"]: list(event["recommended"]) for event in case["events"]}
        for goal in read_table(reference / "use_cases.yaml")["goals"]
        for case in goal["use_cases"]
    }
    if not names:
        return everything
    for name in names:
        if not any(name in (key, key.split("/")[1]) for key in everything):
            raise ValueError(f"no use case {name!r}")
    return {key: events for key, events in everything.items() if key in names or key.split("/")[1] in names}


def property_types(reference: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """{(event, property): (type, severity of a wrong type)}."""
    return {
        (event["event"], prop["name"]): (prop["type"], "warning" if prop["spec"] == "-" else "error")
        for event in read_table(reference / "property_types.yaml")["events"]
        for prop in event["properties"]
    }


# ------------------------------------------------------------------------------------------------- one line


def depth(text: str) -> int:
    deepest = now = 0
    for bracket in re.findall(r"[\[\]{}]", STRING.sub("", text)):
        now += 1 if bracket in "[{" else -1
        deepest = max(deepest, now)
    return deepest


def refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def some_integer(_digits: str) -> int:
    """Only the type of a number matters here, and int() refuses more than 4,300 digits."""
    return 0


def read_line(line: bytes) -> tuple[str, list[dict[str, Any]]]:
    """The class of a physical line (without its LF), and the calls on it."""
    if len(line) > MAX_LINE:
        return "too_long", []
    if not line.strip(b" \t\r"):
        return "blank", []
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return "malformed", []
    if text.count("{") + text.count("[") > MAX_DEPTH and depth(text) > MAX_DEPTH:
        return "too_deep", []
    try:
        value = json.loads(text, parse_constant=refuse, parse_int=some_integer)
    except ValueError:
        return "malformed", []
    if not isinstance(value, dict):
        return "not_object", []
    if isinstance(value.get("batch"), list):
        return "batch", [member for member in value["batch"] if isinstance(member, dict)]
    return "call", [value]


# ------------------------------------------------------------------------------------------------- one call


def call_type(call: dict[str, Any]) -> str:
    raw = call.get("type")
    lowered = raw.translate(ASCII_LOWER) if isinstance(raw, str) else None
    return lowered if lowered in CALL_TYPES else "unknown"


def fits(kind: str, value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "string":
        return isinstance(value, str)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "number":
        return is_number
    if kind == "integer":
        return is_number and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
    if kind == "array of object":
        return isinstance(value, list) and all(isinstance(element, dict) for element in value)
    raise ValueError(f"no type {kind!r}")


def look(call: dict[str, Any], place: tuple[str, ...]) -> object:
    value: object = call
    for key in place:
        if not isinstance(value, dict) or key not in value:
            return ABSENT
        value = value[key]
    return value


def places(kind_of_call: str, prop: str) -> list[tuple[str, ...]]:
    return list(PLACES.get((kind_of_call, prop), [("properties", prop)]))


def judge(call: dict[str, Any], prop: str, kind: str) -> str:
    where = places(call_type(call), prop)
    values = [look(call, place) for place in where]
    if any(fits(kind, value) for value in values):
        return "present"
    nothing = (ABSENT,) if len(where) == 1 else (ABSENT, None)  # null says something only where it stands alone
    return "missing" if all(any(value is x for x in nothing) for value in values) else "invalid"


# --------------------------------------------------------------------------------------------- near misses


def fold(name: str) -> str:
    return re.sub(r"[ _\-./]", "", name.casefold())


def one_edit(a: str, b: str) -> bool:
    """One insertion, deletion, substitution or swap of two neighbours makes one of the other."""
    if len(a) == len(b):
        wrong = [i for i in range(len(a)) if a[i] != b[i]]
        if len(wrong) == 2:
            i, j = wrong
            return j == i + 1 and a[i] == b[j] and a[j] == b[i]
        return len(wrong) == 1
    short, long = sorted((a, b), key=len)
    return len(long) == len(short) + 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def near_miss(seen: str, recommended: Iterable[str]) -> bool:
    names = list(recommended)
    if not seen or seen in names:
        return False
    folded = fold(seen)
    letters = any(folded == fold(name) or (len(fold(name)) > 4 and one_edit(folded, fold(name))) for name in names)
    return letters or any(same_words(seen, name) for name in names)


def forms(word: str) -> set[str]:
    """What a word may be a form of: itself, or what is left without an English ending."""
    found = {word}
    for ending in ("e", "s", "es", "ed", "ing"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            rest = word[: -len(ending)]
            found |= {rest, rest[:-1]} if rest[-1:] == rest[-2:-1] else {rest}
    return found


def same_words(seen: str, name: str) -> bool:
    """Whether two names of several words have the same words in other forms, in any order."""
    if not seen.isascii() or len(seen) < 6:
        return False
    reported = {
        "app": "application",
        "signup": "sign up",
        "signin": "sign in",
        "login": "log in",
        "info": "information",
    }
    sides = []
    for text in (seen, name):
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|[^A-Za-z0-9]+|(?<=\d)(?=\D)|(?<=\D)(?=\d)", " ", text).lower().split()
        words = " ".join(reported.get(word, word) for word in spaced).split()
        sides.append([word for word in words if word not in ("user", "customer", "event", "a", "an", "the")])
    one, other = sides
    if len(one) != len(other) or not 1 < len(one) <= 8:
        return False
    return any(all(forms(a) & forms(b) for a, b in zip(one, order, strict=True)) for order in permutations(other))


# ---------------------------------------------------------------------------------------------- the stream


class Counter:
    """Counts line after line; `result` says what the report must say."""

    def __init__(self, reference: Path, names: Sequence[str] = ()) -> None:
        self.use_cases = select(reference, names)
        self.types = property_types(reference)
        self.recommended: dict[str, list[str]] = {}  # event: what any selected use case recommends of it
        for events in self.use_cases.values():
            for event, props in events.items():
                kept = self.recommended.setdefault(event, [])
                kept += [prop for prop in props if prop not in kept]
        self.lines = dict.fromkeys(LINE_CLASSES, 0)
        self.by_type = dict.fromkeys((*CALL_TYPES, "unknown"), 0)
        self.calls = self.invalid = 0
        self.seen = dict.fromkeys(self.recommended, 0)
        self.tally = {
            (event, prop): dict.fromkeys(VERDICTS, 0) for event, props in self.recommended.items() for prop in props
        }
        self.findings: dict[Finding, dict[str, Any]] = {}
        self.near: dict[str, bool] = {}
        self.at_start = True

    def add(self, line: bytes) -> None:
        """One physical line, with its LF (the last one may lack it)."""
        if self.at_start:
            line = line.removeprefix(BOM)
            self.at_start = False
        if not line:
            return  # no line at all: an empty end of file
        line = line.removesuffix(b"\n")
        if b"\n" in line:
            raise ValueError("more than one physical line")
        kind, calls = read_line(line)
        self.lines[kind] += 1
        for call in calls:
            self.add_call(call)

    def add_call(self, call: dict[str, Any]) -> None:
        kind = call_type(call)
        self.calls += 1
        self.by_type[kind] += 1
        event = NATIVE.get(kind)
        if kind == "track" and isinstance(call.get("event"), str):
            event = call["event"]
            if event not in self.near:
                self.near[event] = near_miss(event, self.recommended)
            if self.near[event]:
                self.find("NM401", event, None, None)
        if event in self.recommended:
            self.seen[event] += 1
            self.invalid += self.add_event(call, event)

    def add_event(self, call: dict[str, Any], event: str) -> bool:
        """Counts a call of a recommended event; True if it has an error."""
        severities = []
        no_object = "properties" in call and not isinstance(call["properties"], dict)
        if no_object:
            self.find("TP202", event, None, "error")
            severities.append("error")
        for prop in self.recommended[event]:
            kind, severity = self.types[event, prop]
            verdict = judge(call, prop, kind)
            self.tally[event, prop][verdict] += 1
            if verdict == "invalid":
                self.find("TP202", event, prop, severity)
                severities.append(severity)
            elif verdict == "missing" and not (no_object and len(places(call_type(call), prop)) == 1):
                self.find("UC102", event, prop, "warning")
        return "error" in severities

    def find(self, code: str, event: str, prop: str | None, severity: str | None) -> None:
        finding = self.findings.setdefault((code, event, prop), {"count": 0, "severity": severity})
        finding["count"] += 1

    def coverage(self, events: dict[str, list[str]]) -> float:
        scores = []
        for event, props in events.items():
            calls = self.seen[event]
            if not calls:
                scores.append(0.0)
            elif not props:
                scores.append(1.0)
            else:
                scores.append(sum(self.tally[event, prop]["present"] / calls for prop in props) / len(props))
        return sum(scores) / len(scores)

    def result(self) -> dict[str, Any]:
        """A severity of None: the contract states none, save that it is no error (NM401)."""
        unseen: dict[Finding, dict[str, Any]] = {
            ("UC101", event, None): {"count": 0, "severity": "warning"} for event, n in self.seen.items() if not n
        }
        return {
            "lines": {"total": sum(self.lines.values()), **self.lines},
            "calls": {
                "total": self.calls,
                "valid": self.calls - self.invalid,
                "invalid": self.invalid,
                "by_type": dict(self.by_type),
            },
            "use_cases": {
                key: {
                    "coverage": self.coverage(events),
                    "events": {
                        event: {
                            "calls": self.seen[event],
                            "properties": {prop: dict(self.tally[event, prop]) for prop in props},
                        }
                        for event, props in events.items()
                    },
                    "missing_events": [event for event in events if not self.seen[event]],
                }
                for key, events in self.use_cases.items()
            },
            "findings": {key: dict(finding) for key, finding in {**self.findings, **unseen}.items()},
        }


def count(lines: Iterable[bytes], reference: Path, names: Sequence[str] = ()) -> dict[str, Any]:
    """What the report must say of these physical lines, for the use cases named (none: all)."""
    counter = Counter(reference, names)
    for line in lines:
        counter.add(line)
    return counter.result()
