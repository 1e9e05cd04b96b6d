"""Setups at each step of the way, and the calls that prove them."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

from tests.support.command import SAMPLES
from validator import ByteStream, CheckRequest, build_report, compile_program, profile
from validator.catalog import Catalog
from validator.service.observe_sources import evidence_in
from validator.setup.checklist import record_verification
from validator.setup.connections import add_destination, add_source
from validator.setup.state import Env, Mark, Setup
from validator.setup.transitions import choose, confirm, review
from validator.setup.verification import Verification, verify, watch_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DAY = datetime.date(2026, 3, 2)
ANA = Mark(DAY, "Ana")
CATALOG = Catalog.load()
(WINBACK,) = CATALOG.find("boost-retention-upsell-and-cross-sell/personalize-winback")
(SUPPRESS,) = CATALOG.find("optimize-advertising/suppress-with-purchase")
GOOD = [json.loads(line) for line in (SAMPLES / "personalize-winback.good.ndjson").read_bytes().splitlines()]
for _call in GOOD:
    _call["integrations"] = {"All": False, "Mixpanel": True}


PROD = [{**call, "messageId": f"{call['messageId']}-prod"} for call in GOOD]


def seen(setup: Setup, env: Env, calls: Iterable[dict[str, Any]]) -> Verification:
    """What these calls prove."""
    here = setup.env(env)
    data = b"".join(json.dumps(call).encode() + b"\n" for call in calls)
    other = setup.verified_elsewhere(env)
    watch = watch_for(here, WINBACK, other=other)
    request = CheckRequest(use_cases=(WINBACK,), evidence=watch)
    program = compile_program(request)
    found = profile(ByteStream(data), program)
    return verify(env, here, WINBACK, build_report(found, program, request), evidence_in(found, watch), DAY, other)


def settled(setup: Setup, env: Env, calls: Iterable[dict[str, Any]]) -> Setup:
    return record_verification(setup, WINBACK, seen(setup, env, calls))


def connected(setup: Setup, env: Env) -> Setup:
    setup = add_source(setup, env, f"web-{env}", "Website", ANA)
    return add_destination(setup, env, f"mixpanel-{env}", "Analytics", [f"web-{env}"], "Mixpanel", ANA)


def at(step: str) -> Setup:
    """A setup whose next step is this one."""
    setup = Setup()
    acts: list[tuple[str, Callable[[Setup], Setup]]] = [
        ("choose", lambda s: choose(s, WINBACK, ANA)),
        ("review", lambda s: review(s, ANA)),
        ("dev-sources", lambda s: connected(s, Env.DEV)),
        ("dev-verified", lambda s: settled(s, Env.DEV, GOOD)),
        ("prod-sources", lambda s: connected(s, Env.PROD)),
        ("published", lambda s: confirm(settled(s, Env.PROD, PROD), "published", ANA)),
        ("prod-verified", lambda s: settled(s, Env.PROD, PROD)),
    ]
    for name, act in acts:
        if name == step:
            return setup
        setup = act(setup)
    assert step == "end"
    return setup
