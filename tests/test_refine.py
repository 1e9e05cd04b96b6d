"""Value checks compiled or gone through one by one: both find the same, and neither memory nor compiling has no end."""

from __future__ import annotations

import json
import linecache
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from validator.engine.TODO_generated import define
from validator.engine.TODO_look import Looks
from validator.engine.TODO_refine import Refinements

from tests import anyplan
from tests.anyplan import VALIDATORS, Schemas
from validator import Limits, PlanRule, Program, TrackingPlan
from validator.engine import generated, refine
from validator.engine.compile.value_checks import ValueCheck
from validator.engine.decode.call import Call
from validator.engine.decode.decoder import Decoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.engine.TODO_refine import Refine

    from validator.engine.decode.call import Value

# Everything compiled; nothing; and everything once it was called twice.
WAYS = ((1 << 20, 0), (0, 1 << 20), (0, 2))


def looks_of(program: Program, decoder: Decoder, monkeypatch: pytest.MonkeyPatch, at_once: int, worth: int) -> Looks:
    monkeypatch.setattr("validator.engine.look.Refinements", lambda: Refinements(at_once, worth))
    return Looks(program, tuple(decoder.attributes.items())[: len(decoder.wanted.fields)], None)


def compare(seed: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Compares the ways for one plan and its calls; returns how often something was found."""
    random = Random(seed)
    schemas = Schemas(random, random.choice(list(VALIDATORS)))
    schema = schemas.message()
    program = Program([anyplan.plan_of(schema)])
    decoder = Decoder(program.wanted, Limits())
    ways = [looks_of(program, decoder, monkeypatch, *way) for way in WAYS]
    near = anyplan.call(random, schema)
    found = 0
    for _ in range(20):
        call = decoder.decode(json.dumps(anyplan.changed(random, near)).encode())
        looks = [way.at(call) for way in ways]
        assert len({look.shape for look in looks}) == 1
        first, *others = (look.refine for look in looks)
        if first is None:
            assert others == [None, None]
            continue
        wanted = first(call)
        assert all(other and [other(call) for _ in range(4)] == [wanted] * 4 for other in others), f"seed {seed}"
        found += bool(wanted)
    return found


@pytest.mark.parametrize("part", range(4))
def test_all_ways_find_the_same(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plans = 50
    found = sum(compare(seed, monkeypatch) for seed in range(part * plans, (part + 1) * plans))
    assert found > plans


CHECKS = [ValueCheck(f"/properties/p{n}", "minimum", n) for n in range(12)]


def combination(number: int) -> list[ValueCheck]:
    return [check for n, check in enumerate(CHECKS) if number >> n & 1]


def asked(refinements: Refinements, checks: Sequence[ValueCheck]) -> Refine:
    values: list[Value] = [(check.place, None, int) for check in checks]
    _, found = refinements.of(values, {check.place: [check] for check in checks})
    assert found
    return found


def call_below(checks: Sequence[ValueCheck]) -> Envelope:
    return Envelope(properties={check.place.rpartition("/")[2]: -1 for check in checks})


def test_only_what_pays_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[int] = []

    def counted(checks: Any) -> Refine:
        compiled.append(len(checks))
        return original(checks)

    original = refine.compile_refinement
    monkeypatch.setattr(refine, "compile_refinement", counted)
    refinements = Refinements(at_once=10, worth=5)
    for number in range(1, 1 << 12):
        checks = combination(number)
        assert asked(refinements, checks)(call_below(checks)) == tuple(check.id for check in checks)
    assert len(compiled) == 10
    checks = combination((1 << 12) - 1)
    often, call = asked(refinements, checks), call_below(checks)
    assert {often(call) for _ in range(9)} == {tuple(check.id for check in checks)}
    assert compiled[10:] == [12]
    asked(refinements, checks)(call)
    assert len(compiled) == 11, "what was compiled once is remembered"


def test_sources_are_not_held_for_ever() -> None:
    for number in range(generated._CAPACITY + 10):
        assert define(f"def number(): return {number}\n", "number")() == number
    held = [file for file in linecache.cache if file.startswith("<number ")]
    assert len(held) == generated._CAPACITY
    assert linecache.getline(held[-1], 1).startswith("def number")


def test_a_stream_with_ever_new_combinations_holds_few_sources() -> None:
    keywords = [{"minimum": 1}, {"minLength": 1}, {"enum": [1, 2]}, {"pattern": "^a"}, {"maximum": 5}, {"maxLength": 3}]
    properties = {f"p{n}": keywords[n % len(keywords)] for n in range(24)}
    schema = {"properties": {"properties": {"properties": properties}}}
    program = Program([TrackingPlan("plan", "Plan", (PlanRule("TRACK", "Done", schema),))])
    looks, random = Looks(program, (), None), Random(1)
    before = set(linecache.cache)
    for _ in range(2 * refine.AT_ONCE):
        present = [name for name in properties if random.random() < 0.5]
        looks.at(Envelope(type="track", event="Done", properties=dict.fromkeys(present, 1)))
    held = [file for file in linecache.cache.keys() - before if file.startswith("<refine ")]
    assert 0 < len(held) <= refine.AT_ONCE
