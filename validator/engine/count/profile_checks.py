"""Checks that everything a loaded profile refers to exists.

Its digest only detects accidents. What a profile refers to is looked up later (rules, JSON types, inputs by number), so
it must exist.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from validator.engine.compile.deviation import ABSENT
from validator.engine.decode.call_type import UNKNOWN
from validator.engine.judge.violation import identity_of
from validator.model import CALL_TYPES, JSON_TYPES, LineClass
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from validator.engine.compile.deviation import Deviation, TableKey
    from validator.engine.compile.value_checks import Found
    from validator.engine.count.profile import Profile
    from validator.engine.count.sighting import Sighting
    from validator.engine.count.tally import Tally
    from validator.engine.judge.violation import Violation
    from validator.model import Place

_TYPES = frozenset(JSON_TYPES)
_KINDS = frozenset((*JSON_TYPES, ABSENT))
_CALLS = frozenset((*CALL_TYPES, UNKNOWN))
_COMPRESSIONS = (None, "gzip", "zstd")
_FRAMINGS = ("ndjson", "documents")


def refuse_unknown(profile: Profile) -> None:
    """Refuses a profile with unknown references.

    Raises:
        ValueError: With the unknown reference.
    """
    for what, known, kind in _looked_up(profile):
        if not known:
            raise ValueError(f"{what!r:.80} is {kind}")
    if {*profile.judged.findings} != {identity_of(violation) for violation in profile.judged.violations}:
        raise ValueError("its findings are not those of its violations")


def _looked_up(profile: Profile) -> Iterator[tuple[object, bool, str]]:
    """All references, whether each exists, and what to call it if not."""
    for kind in profile.types:
        yield kind, kind in _CALLS, "no type of calls"
    for line_class in profile.lines:
        yield line_class, line_class in LineClass, "no class of lines"
    for table in (*profile.calls, *(key for key, _ in profile.invalid)):
        yield from _of_table(table)
    for deviation in profile.deviations:
        yield from _of_deviation(deviation)
    yield from _of_tally(profile.judged)
    for fault in profile.faults:
        yield fault.code, _is_counted(fault.code), "no rule that calls break by themselves"
    for _, group in _groups(profile):
        for fault in group.faults:
            yield _rule(fault.code)
        for code, *_ in group.findings:
            yield _rule(code)
    for summary in profile.inputs:
        yield summary.compression, summary.compression in _COMPRESSIONS, "no compression"
        yield summary.framing, summary.framing in _FRAMINGS, "no framing"
        yield summary.bytes, summary.bytes >= 0, "no number of bytes"
        yield summary.lines, summary.lines >= 0, "no number of lines"
    for place in _places(profile):
        there = 0 <= place.input < len(profile.inputs)
        yield (
            tuple(place),
            there and place.byte >= 0 and place.position >= -1 and place.line >= 0,
            "no place in its inputs",
        )


def _rule(code: str) -> tuple[str, bool, str]:
    return code, code in RULES, "no rule"


def _groups(profile: Profile) -> Iterator[tuple[str, Any]]:
    for field, groups in profile.groups.items():
        for group in (*groups.named.values(), groups.others):
            yield field, group


def _of_table(table: TableKey) -> Iterator[tuple[object, bool, str]]:
    yield table.type, table.type in _CALLS, "no type of calls"
    yield table.properties, table.properties in _KINDS, "no type of JSON"


def _of_deviation(deviation: Deviation) -> Iterator[tuple[object, bool, str]]:
    yield from _of_table(deviation.table)
    yield deviation.types, len(deviation.types) == len(deviation.places), "not one type for each place"
    for place in deviation.places:
        yield place, place.startswith("/"), "no JSON pointer"
    for kind in deviation.types:
        yield kind, kind in _KINDS, "no type of JSON"
    for _, found in deviation.failed:
        for one in () if found is None else (found, *found.branch):
            yield from _of_value(one)


def _is_counted(code: str) -> bool:
    """Whether a count, a place and names are all that the rule needs for its sentence."""
    of_calls = code[:2] in ("IN", "NM", "PV", "SP") and code in RULES
    return of_calls and RULES[code].says.parts <= {"count", "what", "calls", "convention", "names"}


def _of_tally(tally: Tally) -> Iterator[tuple[object, bool, str]]:
    for violation in tally.violations:
        of_plans = violation.code == "UC102" or violation.code.startswith("TP")
        yield violation.code, violation.code in RULES and of_plans, "no rule of plans"
        yield from _of_value(violation)
        for found in violation.detail:
            yield from _of_value(found)


def _of_value(violation: Violation | Found) -> Iterator[tuple[object, bool, str]]:
    """The references of a keyword's types and argument."""
    yield violation.location, not violation.location or violation.location.startswith("/"), "no JSON pointer"
    yield violation.got, not violation.got or violation.got in _TYPES, "no type of JSON"
    yield (
        violation.wanted,
        _is_argument(violation.keyword, violation.wanted),
        f"nothing that `{violation.keyword}` asks",
    )


def _is_argument(keyword: str, text: str) -> bool:
    if not text:
        return True
    try:
        argument = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if keyword in ("type", "anyOf"):
        names = argument if isinstance(argument, list) else [argument]
        return all(isinstance(name, str) and name in _TYPES for name in names)
    return keyword != "enum" or isinstance(argument, list)


def _places(profile: Profile) -> Iterator[Place]:
    tables: tuple[Iterable[Sighting], ...] = (
        profile.calls.values(),
        profile.deviations.values(),
        profile.names.values(),
        profile.further.values(),
        profile.faults.values(),
        profile.judged.violations.values(),
        profile.judged.findings.values(),
    )
    for table in tables:
        for sighting in table:
            yield from sighting.places
    for _, places in profile.repeats.seen.values():
        yield from places
