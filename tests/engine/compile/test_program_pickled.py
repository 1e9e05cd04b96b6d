"""A compiled program goes to another process by pickle, and judges there as it does here."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

from samples.generate import lines
from tests.support import anyplan
from tests.support.anyplan import VALIDATORS, Schemas
from tests.support.checking import program_of
from tests.support.command import ROOT, SAMPLES
from tests.support.counted import shown, tally_of
from validator import (
    Catalog,
    Limits,
    PlanRule,
    Policy,
    Profile,
    Program,
    Severity,
    TrackingPlan,
    build_report,
    read_plan,
)
from validator.engine.compile.selection import Selection
from validator.engine.count.profile import InputSummary
from validator.engine.engine import Engine
from validator.engine.lint import Convention, Naming, Pattern
from validator.input.lines import Block
from validator.render.json import to_json
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.support.counted import Counts

NAMING = Naming(events=Convention("title", words=["iOS"]), properties=Pattern("[a-z_]+"))
POLICY = Policy.of(on=RULES, severities=[{"UC101": "error"}], naming=NAMING)


def again(program: Program) -> Program:
    made: Program = pickle.loads(pickle.dumps(program))  # noqa: S301 - our own bytes
    return made


def profile_of(program: Program, data: bytes) -> Profile:
    engine = Engine(program, Limits())
    engine.profile.inputs.append(InputSummary("calls.ndjson"))
    engine.begin(0)
    engine.lines(Block(0, data))
    return engine.finish()


def test_the_report_is_the_same() -> None:
    """Of all use cases, a plan, all rules, and a breakdown; with what the program has remembered by then."""
    plans = [read_plan(SAMPLES / "plans" / "shop.json")[0]]
    focus = Selection(by=("event", "day"), sample=0.9)
    program, request = program_of(
        Catalog.load().use_cases, plans=plans, unplanned=Severity.ERROR, policy=POLICY, selection=focus
    )
    more, _ = program_of(plans=plans, unplanned=None)
    data = b"".join(islice(lines(1, flaws=0.3), 500))

    def report(judging: Program) -> Any:
        return to_json(build_report(profile_of(judging, data), judging, request))

    wanted = report(program)
    assert wanted["findings"]
    assert report(again(program)) == wanted
    assert report(again(again(program))) == wanted
    assert (again(more).own, again(more).unplanned) == (more.own, None)


def judged(program: Program, calls: Iterable[dict[str, Any]]) -> list[tuple[Profile, Counts]]:
    profiles = [profile_of(program, json.dumps(call).encode() + b"\n") for call in calls]
    return [(profile, shown(tally_of(program, profile))) for profile in profiles]


def test_any_plan_judges_the_same() -> None:
    """Those with references and patterns too, which were followed and matched before."""
    referring = 0
    for seed in range(60):
        random = Random(seed)
        schemas = Schemas(random, random.choice(list(VALIDATORS)))
        schema = schemas.message()
        referring += "$ref" in json.dumps(schema)
        near = anyplan.call(random, schema)
        calls = [near, *(anyplan.changed(random, near) for _ in range(9))]
        program = Program([anyplan.plan_of(schema)])
        assert judged(program, calls) == judged(again(program), calls), seed
    assert referring > 5


def test_formats_stay_unchecked() -> None:
    schema = {"properties": {"properties": {"properties": {"at": {"format": "date-time"}}}}}
    plan = TrackingPlan("plan", "Plan", (PlanRule("TRACK", "Done", schema),))
    calls = [{"type": "track", "event": "Done", "properties": {"at": "soon"}}]
    for formats in (True, False):
        ((_, found),) = judged(again(Program([plan], formats=formats)), calls)
        assert bool(found["violations"]) is formats


def test_another_process_can_read_it() -> None:
    program, _ = program_of(policy=POLICY)
    script = "import pickle, sys; print(len(pickle.load(sys.stdin.buffer).plans))"
    done = subprocess.run(
        [sys.executable, "-c", script], input=pickle.dumps(program), capture_output=True, check=False, cwd=ROOT
    )
    assert done.stdout == b"25\n", done.stderr
