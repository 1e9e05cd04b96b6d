"""What a profile that is read back must be beyond its form: of things there are.

A digest tells of accidents, and anyone can make one anew. What a profile says is looked up later (rules, types of JSON,
inputs by their number), and must be there then.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from validator.engine.checks import FOUND, read_found
from validator.engine.judge import identity_of
from validator.engine.shape import ABSENT, UNKNOWN
from validator.model import CALL_TYPES, JSON_TYPES, LineClass
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from validator.engine.checks import Found
    from validator.engine.judge import Violation
    from validator.engine.profile import Profile, Sighting, Tally
    from validator.engine.shape import Shape
    from validator.model import Place

_TYPES = frozenset(JSON_TYPES)
_CALLS = frozenset((*CALL_TYPES, UNKNOWN))
_COMPRESSIONS = (None, "gzip", "zstd")
_FRAMINGS = ("ndjson", "documents")


def refuse_unknown(profile: Profile) -> None:
    """Refuses what there is not.

    Raises:
        ValueError: Says what.
    """
    for what, known, kind in _looked_up(profile):
        if not known:
            raise ValueError(f"{what!r:.80} is {kind}")
    if {*profile.folded.findings} != {identity_of(violation) for violation in profile.folded.violations}:
        raise ValueError("its findings are not those of its violations")


def _looked_up(profile: Profile) -> Iterator[tuple[object, bool, str]]:
    """What is looked up later, whether it is there, and what it is if not."""
    for kind in profile.types:
        yield kind, kind in _CALLS, "no type of calls"
    for line_class in profile.lines:
        yield line_class, line_class in LineClass, "no class of lines"
    for shape in profile.shapes:
        yield from _of_shape(shape)
    yield from _of_tally(profile.folded)
    for fault in profile.faults:
        yield _rule(fault)
    for _, group in _groups(profile):
        for fault in group.faults:
            yield _rule(fault)
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


def _rule(fault: str) -> tuple[str, bool, str]:
    code = fault.partition(" ")[0]
    return code, code in RULES, "no rule"


def _groups(profile: Profile) -> Iterator[tuple[str, Any]]:
    for field, groups in profile.groups.items():
        for group in (*groups.named.values(), groups.others):
            yield field, group


def _of_shape(shape: Shape) -> Iterator[tuple[object, bool, str]]:
    yield shape.type, shape.type in _CALLS, "no type of calls"
    yield shape.payload, shape.payload == ABSENT or shape.payload in _TYPES, "no type of JSON"
    for place, kind in shape.fields:
        yield place, place.startswith("/"), "no JSON pointer"
        yield kind, kind in _TYPES, "no type of JSON"
    for failed in shape.failed:
        _, found, text = failed.partition(FOUND)
        if found:
            yield failed, _is_found(text), "nothing that a check finds"


def _is_found(text: str) -> bool:
    try:
        found = read_found(text)
    except (ValueError, TypeError, RecursionError):
        return False
    return all(_is_sound(one) for one in (found, *found.branch))


def _is_sound(found: Found) -> bool:
    texts = (found.location, found.keyword, found.where, found.got, found.wanted)
    missing = found.missing is None or isinstance(found.missing, str)
    return all(isinstance(text, str) for text in texts) and missing and not any(not ok for _, ok, _ in _of_value(found))


def _of_tally(tally: Tally) -> Iterator[tuple[object, bool, str]]:
    for violation in tally.violations:
        yield _rule(violation.code)
        yield from _of_value(violation)
        for found in violation.detail:
            yield from _of_value(found)


def _of_value(violation: Violation | Found) -> Iterator[tuple[object, bool, str]]:
    """Of the types and the argument of a keyword."""
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
        profile.shapes.values(),
        profile.names.values(),
        profile.more.values(),
        profile.faults.values(),
        profile.folded.violations.values(),
        profile.folded.findings.values(),
    )
    for table in tables:
        for sighting in table:
            yield from sighting.places
    for _, places in profile.repeats.seen.values():
        yield from places
