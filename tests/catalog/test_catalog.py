"""The catalog: the plans that uclint brings along, and how use cases are found in it."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
import yaml

from validator.catalog import CallMatch, Catalog
from validator.config import data_directory
from validator.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared" / "reference"
PLANS = data_directory("plans")
PLAN_FILES = sorted(PLANS.glob("*/*.yaml"))


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def reference(name: str) -> Any:
    path = REFERENCE / name
    if not path.is_file():
        pytest.skip(f"the reference {name} is not beside this checkout")
    return yaml.safe_load(path.read_text("utf-8"))


# The plans that uclint brings along


def test_counts(catalog: Catalog) -> None:
    assert [goal.slug for goal in catalog.goals] == [
        "optimize-advertising",
        "personalize-first-conversion",
        "boost-retention-upsell-and-cross-sell",
        "personalize-communications-and-product-experiences",
    ]
    assert len(catalog.use_cases) == len({u.id for u in catalog.use_cases}) == 25
    assert len({u.slug for u in catalog.use_cases}) == 16
    assert len(catalog.events) == 15
    assert {use.event.name for u in catalog.use_cases for use in u.events} == set(catalog.events)


def test_use_cases_equal_the_reference(catalog: Catalog) -> None:
    expected = reference("use_cases.yaml")["goals"]
    actual = [
        {
            "slug": goal.slug,
            "name": goal.name,
            "about": goal.about,
            "considerations": list(goal.considerations),
            "use_cases": [
                {
                    "slug": u.slug,
                    "name": u.name,
                    "about": u.about,
                    "events": [{"name": e.event.name, "recommended": list(e.recommended)} for e in u.events],
                    "sources": list(u.sources),
                    "destinations": list(u.destinations),
                }
                for u in goal.use_cases
            ],
        }
        for goal in catalog.goals
    ]
    assert actual == expected


def test_types_and_specs_equal_the_reference(catalog: Catalog) -> None:
    expected = {
        event["event"]: {p["name"]: (p["type"], None if p["spec"] == "-" else p["spec"]) for p in event["properties"]}
        for event in reference("property_types.yaml")["events"]
    }
    actual = {
        name: {p.name: (" of ".join([*p.types, *(p.items or ())]), p.spec) for p in event.properties}
        for name, event in catalog.events.items()
    }
    assert actual == expected


def test_places(catalog: Catalog) -> None:
    page, screen = catalog.events["Page Viewed"], catalog.events["Screen Viewed"]
    assert [call.type for call in page.calls] == ["track", "page"]
    assert [call.type for call in screen.calls] == ["track", "screen"]
    assert {n: e.calls for n, e in catalog.events.items() if len(e.calls) == 1} == {
        n: (CallMatch("track", {}),) for n in catalog.events if n not in {"Page Viewed", "Screen Viewed"}
    }
    assert page.places(page.calls[0], "page_name") == ("/properties/page_name",)
    assert page.places(page.calls[1], "page_name") == ("/name", "/properties/name", "/properties/page_name")
    assert page.places(page.calls[1], "page_category") == (
        "/category",
        "/properties/category",
        "/properties/page_category",
    )
    assert screen.places(screen.calls[1], "screen_id") == ("/properties/screen_id",)
    assert screen.places(screen.calls[1], "screen_title") == (
        "/name",
        "/properties/name",
        "/properties/title",
        "/properties/screen_title",
    )
    assert screen.places(screen.calls[1], "screen_type") == (
        "/category",
        "/properties/category",
        "/properties/screen_type",
    )
    assert page.places(page.calls[0], "a/b~c") == ("/properties/a~1b~0c",)


def test_property(catalog: Catalog) -> None:
    products = catalog.events["Order Completed"].property("products")
    assert (products.types, products.items, products.spec) == (("array",), ("object",), "ecommerce")
    with pytest.raises(KeyError):
        catalog.events["Order Completed"].property("coupon")


def test_events_are_hashable_and_travel(catalog: Catalog) -> None:
    assert len(set(catalog.events.values())) == 15
    assert pickle.loads(pickle.dumps(catalog.goals)) == catalog.goals  # noqa: S301 - our own bytes


# Finding


def test_find(catalog: Catalog) -> None:
    assert [u.id for u in catalog.find("accelerate-onboarding")] == [
        "personalize-first-conversion/accelerate-onboarding",
        "personalize-communications-and-product-experiences/accelerate-onboarding",
    ]
    (one,) = catalog.find("personalize-first-conversion/accelerate-onboarding")
    assert one.goal == "personalize-first-conversion"
    assert catalog.goal("optimize-advertising").use_cases[0].id == "optimize-advertising/build-high-value-lookalikes"
    for use_case in catalog.use_cases:
        assert catalog.find(use_case.id) == (use_case,)


@pytest.mark.parametrize(
    "name", ["personalise-winback", "Personalize winback", "PERSONALIZE-WINBACK", "personalize winbak"]
)
def test_unknown_use_case(catalog: Catalog, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        catalog.find(name)
    hint = "did you mean personalize-winback? (uclint use-cases lists all 25)"
    assert str(caught.value) == f"unknown use case {name!r}; {hint}"


def test_use_case_of_another_goal(catalog: Catalog) -> None:
    with pytest.raises(
        UsageError, match=r"did you mean boost-[a-z-]+/personalize-winback or [a-z-]+/personalize-winback"
    ):
        catalog.find("optimize-advertising/personalize-winback")
    with pytest.raises(UsageError, match=r"did you mean optimize-advertising/mitigate-high-value-churn\?"):
        catalog.find("optimise-advertising/mitigate-high-value-chrun")


@pytest.mark.parametrize("name", ["", "/", "zzz", "x/y/z", "/suppress-with-purchases", "\x1b[31m", "é" * 100_000])
def test_hopeless_names(catalog: Catalog, name: str) -> None:
    with pytest.raises(UsageError, match="uclint use-cases lists all 25") as caught:
        catalog.find(name)
    assert "\x1b" not in str(caught.value)
    with pytest.raises(UsageError, match="uclint goals lists all 4"):
        catalog.goal(name)


def test_unknown_goal(catalog: Catalog) -> None:
    with pytest.raises(UsageError, match=r"unknown goal 'Optimise Advertising'; did you mean optimize-advertising\?"):
        catalog.goal("Optimise Advertising")
