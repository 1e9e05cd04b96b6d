"""The way from a goal to prod: what may come when, and each step settled, and unsettled, by its own evidence."""

from __future__ import annotations

import contextlib
import copy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.setups import ANA, CATALOG, DAY, GOOD, PROD, SUPPRESS, WINBACK, at, connected, seen, settled
from validator.errors import UsageError
from validator.setup.checklist import Checklist, Status, checklist, record_verification
from validator.setup.connections import add_destination, add_source, remove_destination, remove_source, rename
from validator.setup.evidence import Evidence
from validator.setup.read_setup import read_setup
from validator.setup.state import Env, Mark, Proof, Setup
from validator.setup.transitions import choose, confirm, losses, prove, reset, review
from validator.setup.verification import Verification
from validator.setup.write_setup import write_setup

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.catalog import UseCase


def status(setup: Setup, verification: Verification | None = None) -> dict[str, Status]:
    return {step.id: step.status for step in listed(setup, verification).steps}


def listed(setup: Setup, verification: Verification | None = None) -> Checklist:
    return checklist(setup, WINBACK if setup.rollouts else None, "a goal", verification)


STEPS = [step.id for step in listed(Setup()).steps]


def test_the_whole_way() -> None:
    done = []
    for step in (
        "choose",
        "review",
        "dev-sources",
        "dev-verified",
        "prod-sources",
        "published",
        "prod-verified",
        "end",
    ):
        found = listed(at(step))
        done.append(sum(s.done for s in found.steps))
        assert [s.done for s in found.steps] == sorted((s.done for s in found.steps), reverse=True)
    assert done == [0, 1, 2, 2, 5, 5, 8, 9]
    assert listed(at("end")).next is None


def test_every_open_step_says_what_to_do() -> None:
    for step in ("choose", "review", "dev-sources", "dev-verified", "prod-sources", "prod-verified"):
        following = listed(at(step)).next
        assert following is not None
        assert following.fix
    assert "workspace owner" in " ".join(listed(at("dev-sources")).steps[2].fix)


WRONG: list[tuple[str, str, Callable[[Setup], Setup], str]] = [
    ("reviewing nothing", "choose", lambda s: review(s, ANA), "no use case is chosen yet"),
    ("a source before a use case", "choose", lambda s: add_source(s, Env.DEV, "a", "Website", ANA), "no use case"),
    (
        "a source before the review",
        "review",
        lambda s: add_source(s, Env.DEV, "a", "Website", ANA),
        "review the events",
    ),
    (
        "prod before dev",
        "dev-sources",
        lambda s: add_source(s, Env.PROD, "a", "Website", ANA),
        "verified in dev before prod",
    ),
    ("prod while dev is open", "dev-verified", lambda s: connected(s, Env.PROD), "verified in dev before prod"),
    ("publishing too early", "dev-verified", lambda s: confirm(s, "published", ANA), "not verified in dev"),
    ("publishing without sources", "prod-sources", lambda s: confirm(s, "published", ANA), "no connected sources"),
    ("publishing twice", "prod-verified", lambda s: confirm(s, "published", ANA), "was already published by Ana"),
    ("reviewing twice", "dev-sources", lambda s: review(s, ANA), "were reviewed by Ana on 2026-03-02 already"),
    ("another use case after the review", "dev-sources", lambda s: choose(s, SUPPRESS, ANA), "--reset says what"),
    ("another before prod", "prod-verified", lambda s: choose(s, SUPPRESS, ANA), "fixed until it is in prod"),
    ("the same again", "end", lambda s: choose(s, WINBACK, ANA), "verified in prod already"),
    ("no such type", "dev-sources", lambda s: add_source(s, Env.DEV, "a", "Websit", ANA), "did you mean Website?"),
    ("a bad name", "dev-sources", lambda s: add_source(s, Env.DEV, "-a", "Website", ANA), "is not a valid name"),
    ("a step's name", "dev-sources", lambda s: add_source(s, Env.DEV, "published", "Website", ANA), "name of a step"),
    ("a taken name", "dev-verified", lambda s: add_source(s, Env.DEV, "mixpanel-dev", "Mobile", ANA), "choose another"),
    (
        "dev's name in prod",
        "prod-sources",
        lambda s: add_source(s, Env.PROD, "web-dev", "Mobile", ANA),
        "of the sources of dev",
    ),
    (
        "a source of dev feeding prod",
        "prod-sources",
        lambda s: add_destination(s, Env.PROD, "a", "Analytics", ["web-dev"], "A", ANA),
        "web-dev is not a source of prod but of dev: each environment has its own",
    ),
    (
        "a source that is not there",
        "dev-verified",
        lambda s: add_destination(s, Env.DEV, "a", "Analytics", ["web-div"], "A", ANA),
        "did you mean web-dev?",
    ),
    (
        "no such type of destination",
        "dev-verified",
        lambda s: add_destination(s, Env.DEV, "a", "Analitics", ["web-dev"], "A", ANA),
        "did you mean Analytics?",
    ),
    (
        "a rule that is no pointer",
        "dev-sources",
        lambda s: add_source(s, Env.DEV, "a", "Reverse ETL", ANA, {"context": ["x"]}),
        "not a JSON pointer",
    ),
    (
        "removing the only source of a destination",
        "dev-verified",
        lambda s: remove_source(s, Env.DEV, "web-dev", ANA),
        "the only source of mixpanel-dev; feed it from another one .--destination., or remove it as well",
    ),
    ("removing a typo", "dev-verified", lambda s: remove_source(s, Env.DEV, "web-div", ANA), "did you mean web-dev?"),
    (
        "removing from the other environment",
        "prod-sources",
        lambda s: remove_destination(s, Env.PROD, "mixpanel-dev"),
        "not a destination of prod but of dev",
    ),
    ("removing what never was", "dev-sources", lambda s: remove_source(s, Env.DEV, "a", ANA), "there are none yet"),
    (
        "a rename to a taken name",
        "dev-verified",
        lambda s: rename(s, Env.DEV, "web-dev", "mixpanel-dev"),
        "choose anot",
    ),
    ("confirming what calls prove", "dev-verified", lambda s: confirm(s, "web-dev", ANA), "is not confirmed by hand"),
    ("confirming a typo", "dev-verified", lambda s: confirm(s, "mixpanel-dex", ANA), "did you mean mixpanel-dev?"),
]


@pytest.mark.parametrize(("step", "act", "says"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_what_comes_at_the_wrong_time_is_refused(step: str, act: Callable[[Setup], Setup], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        act(at(step))


def test_the_use_case_changes_freely_until_the_review() -> None:
    setup = choose(at("review"), SUPPRESS, ANA)
    assert [c.use_case for c in setup.rollouts] == [SUPPRESS.id]
    assert choose(setup, SUPPRESS, Mark(DAY, "Bo")) is setup


def test_a_reset_says_what_is_lost_and_loses_no_more() -> None:
    before = at("prod-verified")
    lost = losses(before)
    assert len(lost) == 4
    assert "37 calls" in lost[2]
    after = reset(before)
    assert after.rollouts == ()
    assert (after.dev, after.prod) == (before.dev, before.prod)
    assert losses(Setup()) == losses(at("end")) == ()
    assert reset(at("end")) == at("end")


def test_another_use_case_follows_once_the_first_is_in_prod() -> None:
    setup = choose(at("end"), SUPPRESS, ANA)
    assert [c.use_case for c in setup.rollouts] == [WINBACK.id, SUPPRESS.id]
    found = checklist(review(setup, ANA), SUPPRESS, "a goal")
    assert found.in_prod == ((WINBACK.id, "2026-03-02"),)
    assert found.next is not None
    assert found.next.id == "dev-verified", "what is connected stays connected"


def without(calls: list[dict[str, Any]], change: Callable[[dict[str, Any]], object]) -> list[dict[str, Any]]:
    changed = copy.deepcopy(calls)
    for call in changed:
        change(call)
    return changed


def only(keep: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    return [call for call in GOOD if keep(call)]


def bare(calls: list[dict[str, Any]], event: str, name: str) -> list[dict[str, Any]]:
    return without(calls, lambda c: c["properties"].pop(name) if c.get("event") == event else None)


EVIDENCE: list[tuple[str, str, list[dict[str, Any]], str]] = [
    ("no web calls", "sources", without(GOOD, lambda c: c["context"].pop("library")), "calls of web-dev (Website) are"),
    ("other libraries", "sources", without(GOOD, lambda c: c["context"].update(library={"name": "x"})), "web-dev"),
    ("no call selects", "destinations", without(GOOD, lambda c: c.pop("integrations")), "no call selects Mixpanel"),
    (
        "another case",
        "destinations",
        without(GOOD, lambda c: c.update(integrations={"All": False, "mixpanel": True})),
        "37 calls do not go to Mixpanel",
    ),
    (
        "refused",
        "destinations",
        without(GOOD, lambda c: c.update(integrations={"Mixpanel": False})),
        "37 of them by name",
    ),
    ("no order", "verified", only(lambda c: c.get("event") != "Order Completed"), "Order Completed was never seen"),
    ("no page", "verified", only(lambda c: c["type"] != "page" and c.get("event") != "Page Viewed"), "Page Viewed was"),
    ("no tax", "verified", bare(GOOD, "Order Completed", "tax"), "Order Completed has no valid tax in any"),
    (
        "a number as text",
        "verified",
        without(GOOD, lambda c: c["properties"].update(tax="9") if c.get("event") == "Order Completed" else None),
        "and has a wrong type in 10",
    ),
    (
        "one bad call",
        "verified",
        [*GOOD, {"type": "track", "event": "Order Completed", "properties": {"products": "tent"}}],
        "Order Completed breaks the plan in 1 call: products",
    ),
]


@pytest.mark.parametrize(("step", "calls", "says"), [e[1:] for e in EVIDENCE], ids=[e[0] for e in EVIDENCE])
def test_each_evidence_on_and_off(step: str, calls: list[dict[str, Any]], says: str) -> None:
    """Without it its step stays open, and alone so; with it the step is done; gone again, the step says so."""
    calls = [c for c in calls if c.get("type") in ("track", "page", "screen")]
    good = [c for c in GOOD if c.get("type") in ("track", "page", "screen")]
    fresh = at("dev-verified")
    verification = seen(fresh, Env.DEV, calls)
    after = record_verification(fresh, WINBACK, verification)
    found = {s.id.removeprefix("dev-"): s for s in listed(after, verification).steps if s.env is Env.DEV}
    assert found[step].status is Status.OPEN
    assert says in " ".join(found[step].missing)
    assert found[step].fix
    order = ["sources", "destinations", "verified"]
    assert [found[s].status for s in order[: order.index(step)]] == [Status.DONE] * order.index(step)
    assert all(found[s].status is Status.WAITING for s in order[order.index(step) + 1 :])

    done = settled(after, Env.DEV, good)
    assert status(done)[f"dev-{step}"] is Status.DONE
    again = seen(done, Env.DEV, calls)
    rollout = record_verification(done, WINBACK, again).rollout
    assert rollout is not None
    assert rollout.dev is not None, "what was proven stays noted"
    assert status(record_verification(done, WINBACK, again), again)[f"dev-{step}"] is Status.LAPSED
    assert not listed(done, again).settled(Env.DEV)


def test_prod_is_compared_with_dev() -> None:
    setup = at("prod-verified")
    verification = seen(setup, Env.PROD, [c for c in PROD if c.get("event") != "Order Completed"])
    assert verification.verified is None
    assert (
        "Order Completed was never seen in prod; in dev it was right on 2026-03-02"
        in listed(setup, verification).compared
    )
    assert listed(setup, seen(setup, Env.PROD, PROD)).compared == ()


def test_a_source_declared_by_a_rule() -> None:
    setup = add_source(
        at("dev-sources"), Env.DEV, "warehouse", "Reverse ETL", ANA, {"/context/library/name": ["census", "hightouch"]}
    )
    setup = settled(setup, Env.DEV, GOOD)
    assert setup.dev.sources["warehouse"].seen is None
    calls = without(GOOD[:3], lambda c: c["context"].update(library={"name": "hightouch"}))
    setup = settled(setup, Env.DEV, calls)
    assert setup.dev.sources["warehouse"].seen is not None
    assert setup.dev.sources["warehouse"].seen.calls == 3
    with pytest.raises(UsageError, match="is not confirmed by hand"):
        confirm(setup, "warehouse", ANA)


def test_what_no_call_can_prove_is_vouched_for() -> None:
    setup = add_source(at("dev-sources"), Env.DEV, "warehouse", "Reverse ETL", ANA)
    setup = add_destination(setup, Env.DEV, "braze-dev", "Email Marketing", ["warehouse"], "Braze", ANA)
    setup = confirm(confirm(setup, "warehouse", ANA), "braze-dev", ANA)
    assert status(setup)["dev-destinations"] is Status.DONE
    verification = seen(setup, Env.DEV, GOOD)
    assert status(record_verification(setup, WINBACK, verification), verification)["dev-verified"] is Status.DONE


def test_a_type_that_is_not_recommended_does_not_count() -> None:
    setup = add_source(at("dev-sources"), Env.DEV, "ads", "Advertising", ANA)
    setup = confirm(setup, "ads", ANA)
    assert status(setup)["dev-sources"] is Status.OPEN
    assert "does not recommend" in " ".join(listed(setup).steps[2].missing)


def test_events_do_not_count_before_their_turn() -> None:
    setup = settled(at("dev-sources"), Env.DEV, GOOD)
    assert setup == at("dev-sources")
    setup = settled(at("published"), Env.PROD, PROD)
    assert setup.rollout is not None
    assert setup.rollout.prod is None


def test_no_calls_prove_nothing() -> None:
    setup = at("dev-verified")
    verification = seen(setup, Env.DEV, [])
    assert record_verification(setup, WINBACK, verification) == setup
    assert "no call that selects Mixpanel was read" in " ".join(listed(setup, verification).steps[3].missing)


PROOF = Proof(DAY, 3)
ACTS: list[Callable[[Setup, str, Env], Setup]] = [
    lambda s, _name, _env: choose(s, WINBACK, ANA),
    lambda s, _name, _env: choose(s, SUPPRESS, ANA),
    lambda s, _name, _env: review(s, ANA),
    lambda s, _name, _env: reset(s),
    lambda s, name, env: add_source(s, env, name, "Website", ANA, {"/a": [name]}),
    lambda s, name, env: add_source(s, env, name, "Reverse ETL", ANA),
    lambda s, name, env: add_destination(s, env, name, "Analytics", [f"{name}1"], name, ANA),
    lambda s, name, env: add_destination(
        s, env, f"{name}2", "Analytics", list(s.env(env).sources) or [name], name, ANA
    ),
    lambda s, name, env: remove_source(s, env, name, ANA),
    lambda s, name, env: remove_destination(s, env, f"{name}2"),
    lambda s, name, env: rename(s, env, name, f"{name}3"),
    lambda s, name, env: rename(s, env, f"{name}2", f"{name}4"),
    lambda s, name, _env: confirm(s, name, ANA),
    lambda s, _name, _env: confirm(s, "published", ANA),
    lambda s, name, env: prove(s, env, {name: PROOF}, {name: PROOF, f"{name}2": PROOF}, None),
    lambda s, _name, env: record_verification(s, in_use(s), Verification(env, DAY, Evidence(), {}, {}, (), (), PROOF)),
]


def in_use(setup: Setup) -> UseCase:
    return CATALOG.find(setup.rollout.use_case)[0] if setup.rollout else WINBACK


@settings(deadline=None, database=None, derandomize=True, max_examples=examples(150))
@given(st.lists(st.tuples(st.integers(0, len(ACTS) - 1), st.sampled_from("abc"), st.sampled_from(Env)), max_size=40))
def test_whatever_is_done_leaves_a_file_that_is_sound(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[int, str, Env]]
) -> None:
    """What the rules allow is what the reader takes; done steps stand before the others."""
    path = tmp_path_factory.getbasetemp() / "acts.toml"
    setup = Setup()
    for act, name, env in acts:
        with contextlib.suppress(UsageError):
            setup = ACTS[act](setup, name, env)
    path.write_text(write_setup(setup), encoding="utf-8")
    assert read_setup(str(path), [use_case.id for use_case in CATALOG.use_cases])[0] == setup
    done = [s.done for s in checklist(setup, in_use(setup) if setup.rollouts else None, "a goal").steps]
    assert done == sorted(done, reverse=True)


def test_all_steps_have_names_that_stay() -> None:
    assert STEPS == [
        "choose", "review", "dev-sources", "dev-destinations", "dev-verified",
        "prod-sources", "prod-destinations", "published", "prod-verified",
    ]  # fmt: skip
