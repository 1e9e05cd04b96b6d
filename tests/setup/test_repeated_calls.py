"""Calls that proved one environment do not prove the other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.setups import GOOD, PROD, WINBACK, at, connected, seen, settled
from validator.setup.checklist import Status, checklist
from validator.setup.fingerprints import MOST, Fingerprints, fingerprint
from validator.setup.state import Env, Setup

if TYPE_CHECKING:
    from collections.abc import Callable


def without_ids(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in call.items() if k != "messageId"} for call in calls]


def anonymous(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in call.items() if k not in ("messageId", "userId", "anonymousId")} for call in calls]


def prod(dev: list[dict[str, Any]]) -> Setup:
    """Dev is verified by these calls, and prod is connected."""
    return connected(settled(at("dev-verified"), Env.DEV, dev), Env.PROD)


REPEATED: list[tuple[str, list[dict[str, Any]], list[dict[str, Any]], str]] = [
    ("the same", GOOD, GOOD, "all message ids noted of them"),
    ("in another order, twice", GOOD, [*GOOD[::-1], *GOOD], "all message ids noted of them"),
    ("among others", GOOD, [*PROD, *GOOD], "all message ids noted of them"),
    ("some of them", GOOD, [*PROD, *GOOD[:20]], "of the 8 message ids noted of them"),
    ("without message ids", without_ids(GOOD), without_ids(GOOD), "all message ids noted of them"),
    ("without any ids", anonymous(GOOD), anonymous(GOOD), "these look like the calls that proved dev"),
]


@pytest.mark.parametrize(("dev", "calls", "says"), [r[1:] for r in REPEATED], ids=[r[0] for r in REPEATED])
def test_calls_of_dev_do_not_prove_prod(dev: list[dict[str, Any]], calls: list[dict[str, Any]], says: str) -> None:
    setup = prod(dev)
    verification = seen(setup, Env.PROD, calls)
    assert settled(setup, Env.PROD, calls) == setup, "nothing is recorded"
    found = checklist(setup, WINBACK, "", verification)
    step = found.steps[5]
    assert step.status is Status.OPEN
    assert len(step.missing) == 1
    assert says in step.missing[0]
    assert "read on 2026-03-02" in step.missing[0]
    assert "they do not prove prod" in step.missing[0]
    assert "read the calls of the prod sources alone: uclint checklist --env prod PATH" in step.fix[0]
    assert not found.settled(Env.PROD)


@pytest.mark.parametrize(
    "calls",
    [PROD, without_ids([{**call, "userId": "another"} for call in GOOD]), anonymous(GOOD[1:])],
    ids=["other ids", "other users", "not as many"],
)
def test_other_calls_prove_prod(calls: list[dict[str, Any]]) -> None:
    assert settled(prod(GOOD), Env.PROD, calls).prod.sources["web-prod"].seen is not None


def test_prod_that_was_verified_says_so_and_stays_noted() -> None:
    setup = at("end")
    found = checklist(setup, WINBACK, "", seen(setup, Env.PROD, GOOD))
    assert [s.status for s in found.steps if s.env is Env.PROD] == [
        Status.LAPSED, Status.LAPSED, Status.DONE, Status.LAPSED,
    ]  # fmt: skip
    assert settled(setup, Env.PROD, GOOD) == setup


def test_nor_do_calls_of_prod_prove_dev() -> None:
    setup = at("end")
    found = checklist(setup, WINBACK, "", seen(setup, Env.DEV, PROD))
    assert "the calls that proved prod (read on 2026-03-02)" in found.steps[2].missing[0]
    assert settled(setup, Env.DEV, PROD) == setup
    assert settled(setup, Env.DEV, GOOD) == setup


def test_a_file_written_before_fingerprints_is_compared_by_number_and_times() -> None:
    setup = prod(GOOD)
    assert setup.rollout is not None
    assert setup.rollout.dev is not None
    old = replace(setup, rollouts=(replace(setup.rollout, dev=replace(setup.rollout.dev, fingerprints=())),))
    assert "these look like" in checklist(old, WINBACK, "", seen(old, Env.PROD, GOOD)).steps[5].missing[0]
    assert settled(old, Env.PROD, PROD[1:]).prod.sources["web-prod"].seen is not None


def test_calls_without_times_and_ids_cannot_be_told_apart() -> None:
    """The same number of them proves nothing."""
    bare = [{k: v for k, v in call.items() if k not in ("timestamp", "originalTimestamp")} for call in anonymous(GOOD)]
    assert settled(prod(bare), Env.PROD, bare).prod.sources["web-prod"].seen is not None


CALLS = st.lists(st.fixed_dictionaries({}, optional={"messageId": st.sampled_from([*"abcdefghijklm", "", 3])}))


def fingerprints(calls: list[dict[str, Any]], wanted: frozenset[str]) -> Fingerprints:
    found = Fingerprints()
    for call in calls:
        found.note(reader(call), wanted)
    return found


def reader(call: dict[str, Any]) -> Callable[[tuple[str, ...]], Any]:
    return lambda path: call.get(path[0])


@given(CALLS, st.integers(0, 20), st.sets(st.sampled_from("abcdefghijklm")))
def test_fingerprints_add_up(calls: list[dict[str, Any]], at_: int, wanted: set[str]) -> None:
    prints = {id_: fingerprint(reader({"messageId": id_})) for id_ in "abcdefghijklm"}
    looked_for = frozenset(p for id_ in wanted if (p := prints[id_]))
    whole = fingerprints(calls, looked_for)
    assert fingerprints(calls[::-1], looked_for) == whole
    assert fingerprints(calls[:at_], looked_for) + fingerprints(calls[at_:], looked_for) == whole
    there = {prints[call["messageId"]] for call in calls if call.get("messageId") in prints}
    assert whole.kept == sorted(p for p in there if p)[:MOST]
    assert whole.known == there & looked_for


def test_no_id_is_in_the_file() -> None:
    """What is kept of a call does not give it away."""
    setup = settled(at("dev-verified"), Env.DEV, GOOD)
    assert setup.rollout is not None
    assert setup.rollout.dev is not None
    assert len(setup.rollout.dev.fingerprints) == MOST
    text = json.dumps(GOOD)
    assert not [p for p in setup.rollout.dev.fingerprints if p in text]
