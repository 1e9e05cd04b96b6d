"""Quick tests say that all is fine only where it is; whatever they say, counts and places are those of one by one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.counted import NEVER, profile_of, quick_from, shown, tally_of
from validator import Limits, PlanRule, Program, TrackingPlan
from validator.engine.lint import Lint
from validator.engine.scan.entries import WARM

if TYPE_CHECKING:
    from validator.engine.count.profile import Profile

KEYS = ("NM407", "NM408", "NM409", "NM410")


def plan(name: str, payload: dict[str, Any], **more: Any) -> TrackingPlan:
    schema = {"properties": {"properties": payload}, **more}
    return TrackingPlan(name, name, (PlanRule("TRACK", "Paid", schema),))


def line(properties: Any = None, **more: Any) -> bytes:
    call = {"type": "track", "event": "Paid", **more}
    return json.dumps(call if properties is None else {**call, "properties": properties}).encode()


def both(program: Program, lines: list[bytes], limits: Limits | None = None) -> tuple[Profile, Profile]:
    """The profile of lines with quick tests, and without."""
    quick = profile_of(program, lines, limits=limits, size=4)
    with quick_from(NEVER):
        return quick, profile_of(program, lines, limits=limits, size=4)


CLOSED = {"additionalProperties": False}
PLANS = {
    "a key of another plan": [plan("a", {"properties": {"a": {}}, **CLOSED}), plan("b", {"properties": {"b": {}}})],
    "a key that is only required": [plan("a", {"properties": {"a": {}}, "required": ["b"], **CLOSED})],
    "two plans that allow different keys": [
        plan("a", {"properties": {"a": {}}, **CLOSED}),
        plan("b", {"properties": {"b": {}}, **CLOSED}),
    ],
    "a key that may stand at the top": [
        plan("a", {"properties": {"a": {}}, **CLOSED}),
        plan("b", {}, allOf=[{"x-property": "b", "anyOf": [
            {"type": "object", "required": ["properties"], "properties": {"properties": {
                "type": "object", "required": ["b"], "properties": {"b": {}},
            }}},
            {"type": "object", "required": ["title"], "properties": {"title": {}}},
        ]}]),
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", PLANS)
def test_a_key_that_one_rule_does_not_allow_is_never_fine(case: str) -> None:
    program = Program(PLANS[case], own=["a", "b"][: len(PLANS[case])])
    lines = [line({"a": 1, "b": 2}), line({"a": 1}), line({"b": 1})] * (2 * WARM)
    quick, slow = both(program, lines)
    assert shown(tally_of(program, quick)) == shown(tally_of(program, slow))
    assert quick == slow


def test_keys_of_calls_that_are_not_fine_elsewhere_are_counted_once() -> None:
    """What is judged together is asked after the keys, which then come to those who look at them one by one."""
    place = {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}
    program = Program([plan("a", {}, allOf=[{"x-property": "p", "anyOf": [place]}])], lint=Lint(KEYS))
    lines = [*[line({"k": 1}, title="x")] * (2 * WARM), *[line({"k": 1}), line({"k": 1}, title=3)] * WARM]
    quick, slow = both(program, lines)
    assert {key: seen.count for key, seen in quick.further.items()} == {("track", "Paid", "k"): 4 * WARM}
    assert quick == slow


@pytest.mark.parametrize("properties", [{}, None])
@pytest.mark.parametrize("kind", ["track", "Track", "trak", "page"])
def test_places_beyond_the_first_calls_are_kept(kind: str, properties: Any) -> None:
    """As many as are asked for, of names, of faults that all calls of a kind have, and of what all tables have."""
    schema = {"required": ["properties"], "properties": {"properties": {"properties": {"a": {"type": "string"}}}}}
    plans = [TrackingPlan("a", "a", (PlanRule("TRACK", "Paid", schema), PlanRule("PAGE", "Home", schema)))]
    program = Program(plans, own=["a"], lint=Lint(["SP301", "SP302", "NM401", "NM402", "NM406"]))
    events = ("paid", "new 7", "Paid")
    lines = [line(properties, type=kind, event=event, messageId=f"{n}") for n in range(3 * WARM) for event in events]
    quick, slow = both(program, lines, Limits(places=2 * WARM))
    assert quick == slow
