"""Sources and destinations that are changed, renamed or removed: what is dropped is reported, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.support.setups import ANA, DAY, GOOD, WINBACK, at, seen, settled
from validator.setup.changes import changes
from validator.setup.checklist import checklist
from validator.setup.connections import add_destination, add_source, remove_destination, remove_source, rename
from validator.setup.counterparts import (
    destination_options,
    destinations_to_offer,
    fed_in_prod,
    prod_name,
    source_options,
    sources_to_offer,
)
from validator.setup.state import Env, Mark, Setup
from validator.setup.transitions import confirm

if TYPE_CHECKING:
    from collections.abc import Callable

BO = Mark(DAY, "Bo")
PROOF = "40 calls, 2024-03-01 08:00:07 to 2024-03-01 08:03:06 (read on 2026-03-02)"


def proven() -> Setup:
    """Dev is verified; a second source, which feeds nothing, was not seen."""
    return add_source(at("prod-sources"), Env.DEV, "app-dev", "Mobile", ANA)


def mixpanel(setup: Setup, *sources: str, kind: str = "Analytics", integration: str | None = None) -> Setup:
    return add_destination(setup, Env.DEV, "mixpanel-dev", kind, sources, integration, BO)


CHANGES: list[tuple[str, Callable[[Setup], Setup], list[str]]] = [
    (
        "another type of source",
        lambda s: add_source(s, Env.DEV, "web-dev", "Mobile", BO),
        ["web-dev in dev is changed: of the type Mobile (was Website); this drops its proof: 31 calls from"],
    ),
    (
        "a rule",
        lambda s: add_source(s, Env.DEV, "web-dev", "Website", BO, {"/context/app": ["shop"]}),
        ["web-dev in dev is changed: another rule identifies its calls; this drops its proof: 31 calls from"],
    ),
    ("nothing was proven", lambda s: add_source(s, Env.DEV, "app-dev", "Website", BO), ["of the type Website (was Mo"]),
    ("the same source again", lambda s: add_source(s, Env.DEV, "web-dev", "website", BO), []),
    ("the same destination again", lambda s: mixpanel(s, "web-dev"), []),
    ("a further source", lambda s: mixpanel(s, "app-dev", "web-dev"), ["fed by app-dev, web-dev (was web-dev)"]),
    (
        "another source",
        lambda s: mixpanel(s, "app-dev"),
        [f"mixpanel-dev in dev is changed: fed by app-dev (was web-dev); this drops its proof: {PROOF}"],
    ),
    (
        "another integration",
        lambda s: mixpanel(s, "web-dev", integration="Mixpanel EU"),
        [f"calls name it Mixpanel EU (was Mixpanel); this drops its proof: {PROOF}"],
    ),
    (
        "another type of destination",
        lambda s: mixpanel(s, "web-dev", kind="Advertising"),
        [f"of the type Advertising (was Analytics); this drops its proof: {PROOF}"],
    ),
    (
        "a destination is removed",
        lambda s: remove_destination(s, Env.DEV, "mixpanel-dev"),
        [f"mixpanel-dev is removed from dev; this drops its proof: {PROOF}"],
    ),
    ("a source is removed", lambda s: remove_source(s, Env.DEV, "app-dev", BO), ["app-dev is removed from dev"]),
    (
        "a source is removed that feeds a destination with others",
        lambda s: remove_source(settled(mixpanel(s, "web-dev", "app-dev"), Env.DEV, GOOD), Env.DEV, "web-dev", BO),
        ["web-dev is removed from dev; this drops", f"fed by app-dev (was web-dev); this drops its proof: {PROOF}"],
    ),
]


@pytest.mark.parametrize(("change", "says"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES])
def test_what_a_change_drops_is_reported(change: Callable[[Setup], Setup], says: list[str]) -> None:
    before = proven()
    after = change(before)
    found = list(changes(before, after))
    assert len(found) == len(says), found
    for line, text in zip(found, says, strict=True):
        assert text in line
    assert ("drops" in " ".join(found)) == any("drops" in s for s in says)
    assert after.rollouts == before.rollouts, "the events stay verified"
    assert (after == before) == (not says)


def test_what_was_confirmed_by_hand_is_dropped_too() -> None:
    before = confirm(proven(), "mixpanel-dev", ANA)
    (line,) = changes(before, mixpanel(before, "app-dev"))
    assert line.endswith(f"this drops its proof: {PROOF}; confirmed by hand by Ana on 2026-03-02")


def test_a_further_source_keeps_the_proof() -> None:
    before = proven()
    after = mixpanel(before, "web-dev", "app-dev").dev.destinations["mixpanel-dev"]
    assert after.seen == before.dev.destinations["mixpanel-dev"].seen
    assert after.added == BO


def test_what_is_not_given_stays() -> None:
    """Neither the rule nor the name in calls is lost by changing something else."""
    setup = add_source(at("dev-sources"), Env.DEV, "warehouse", "Reverse ETL", ANA, {"/context/library/name": ["a"]})
    setup = add_destination(setup, Env.DEV, "mixpanel-dev", "Analytics", ["warehouse"], "Mixpanel", ANA)
    setup = add_source(setup, Env.DEV, "warehouse", "Advertising", BO)
    setup = add_destination(setup, Env.DEV, "mixpanel-dev", "Advertising", ["warehouse"], None, BO)
    assert setup.dev.sources["warehouse"].when == {"/context/library/name": ("a",)}
    assert setup.dev.destinations["mixpanel-dev"].integration == "Mixpanel"
    assert (
        add_destination(setup, Env.DEV, "own", "Analytics", ["warehouse"], None, ANA)
        .dev.destinations["own"]
        .integration
        == "own"
    )


def test_a_dropped_proof_opens_the_step_again() -> None:
    before = proven()
    assert checklist(before, WINBACK, "").settled(Env.DEV)
    after = add_source(before, Env.DEV, "web-dev", "Mobile", BO)
    found = checklist(after, WINBACK, "")
    assert found.next is not None
    assert found.next.id == "dev-sources"
    assert checklist(settled(mixpanel(before, "app-dev"), Env.DEV, GOOD), WINBACK, "").settled(Env.DEV)


def test_a_rename_changes_nothing_else() -> None:
    before = proven()
    after = rename(before, Env.DEV, "web-dev", "shop-dev")
    assert list(after.dev.sources) == ["shop-dev", "app-dev"]
    assert after.dev.sources["shop-dev"] == replace(before.dev.sources["web-dev"], name="shop-dev")
    assert after.dev.destinations["mixpanel-dev"].sources == ("shop-dev",)
    assert rename(after, Env.DEV, "shop-dev", "web-dev") == before


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("web-dev", "web-prod"),
        ("Web Dev", "Web Prod"),
        ("DEV_WEB", "PROD_WEB"),
        ("web_development", "web_prod"),
        ("devices", "devices-prod"),
        ("web", "web-prod"),
        ("x" * 62, None),
    ],
)
def test_a_name_for_prod(name: str, expected: str | None) -> None:
    assert prod_name(name) == expected
    assert expected is None or prod_name(name, [expected]) is None, "a taken name is not offered"


def test_prod_is_offered_what_dev_has() -> None:
    setup = add_source(
        proven(), Env.DEV, "warehouse", "Reverse ETL", ANA, {"/context/library/name": ["harbour sync", "b"]}
    )
    assert [s.name for s in sources_to_offer(setup)] == ["web-dev", "app-dev", "warehouse"]
    assert source_options(setup) == (
        "--source web-prod Website --source app-prod Mobile --source warehouse-prod 'Reverse ETL' "
        "--when warehouse-prod /context/library/name 'harbour sync' --when warehouse-prod /context/library/name b"
    )
    found = " ".join(checklist(setup, WINBACK, "").steps[5].fix)
    assert "as in dev, with the names they have in prod: uclint init --env prod --source web-prod Website" in found

    setup = add_source(setup, Env.PROD, "shop", "Website", ANA)
    assert [s.name for s in sources_to_offer(setup)] == ["app-dev", "warehouse"], "one is of the same type"
    setup = add_source(setup, Env.PROD, "app-prod", "Mobile", ANA)
    assert [s.name for s in sources_to_offer(setup)] == ["warehouse"], "one has its name"
    assert fed_in_prod(setup, ["web-dev", "app-dev", "warehouse"]) == ["shop", "app-prod"]
    assert destination_options(setup) == (
        "--destination mixpanel-prod Analytics shop --integration mixpanel-prod Mixpanel"
    )
    assert [d.name for d in destinations_to_offer(setup)] == ["mixpanel-dev"]
    setup = add_destination(setup, Env.PROD, "mix", "Analytics", ["shop"], "Mixpanel", ANA)
    assert destinations_to_offer(setup) == []


@pytest.mark.parametrize(
    ("own", "called", "near"),
    [
        ("klaviyo", "Klaviyo", True),
        ("Customer.io", "Customerio", True),
        ("Mixpanel", "Mixpannel", True),
        ("Google Analytics", "Google Analytics 4", False),
        ("Mixpanel", "Amplitude", False),
        ("Braze", "Segment.io", False),
    ],
)
def test_another_spelling_of_an_integration(own: str, called: str, near: bool) -> None:
    setup = add_source(at("dev-sources"), Env.DEV, "web-dev", "Website", ANA)
    setup = add_destination(setup, Env.DEV, "email dev", "Email Marketing", ["web-dev"], own, ANA)
    calls = [{**call, "integrations": {"All": False, called: True}} for call in GOOD]
    verification = seen(setup, Env.DEV, calls)
    step = checklist(settled(setup, Env.DEV, calls), WINBACK, "", verification).steps[3]
    missing, fix = " ".join(step.missing), " ".join(step.fix)
    assert (f"40 calls select {called}, another spelling of {own} (email dev)" in missing) == near
    assert ("uclint init --env dev --integration 'email dev' " in fix) == near


def test_a_second_spelling_beside_the_right_one_is_reported() -> None:
    setup = at("dev-verified")
    calls = [*GOOD, {**GOOD[0], "integrations": {"All": False, "mixpanel": True}}]
    verification = seen(setup, Env.DEV, calls)
    proven = settled(setup, Env.DEV, calls)
    step = checklist(proven, WINBACK, "", verification).steps[3]
    assert step.done
    assert step.missing == (
        "1 call selects mixpanel, another spelling of Mixpanel (mixpanel-dev); Segment matches names exactly",
    )


def test_the_name_of_another_destination_is_no_other_spelling() -> None:
    setup = add_destination(at("dev-verified"), Env.DEV, "second", "Analytics", ["web-dev"], "MixPanel", ANA)
    calls = [{**call, "integrations": {"Mixpanel": True, "MixPanel": True}} for call in GOOD]
    assert checklist(settled(setup, Env.DEV, calls), WINBACK, "", seen(setup, Env.DEV, calls)).steps[3].missing == ()
