"""Formats of tracking plans: what is written is read back as it was, or a note gives the reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.examples import examples
from tests.support.plan_strategies import plain_plans, wild_plans
from validator.config import data_directory
from validator.errors import PlanError
from validator.plan import PlanRule, TrackingPlan, read_plan
from validator.plan.export import title
from validator.plan.formats import FORMATS, format_named
from validator.plan.formats.segment import MOST_RULES
from validator.plan.property_schemas import canonical
from validator.plan.read import read_texts
from validator.service.convert import convert

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy

ALL = ["TRACK", "PAGE", "SCREEN", "IDENTIFY", "GROUP", "COMMON"]
DRAFT_4 = "http://json-schema.org/draft-04/schema#"


def slugged(rule: PlanRule) -> PlanRule:
    """A rule as Snowplow can name it, and of its draft."""
    key = "".join(c if c.isascii() and c.isalnum() else "_" for c in rule.key or "")
    return msgspec.structs.replace(rule, key=f"e_{key}", schema={**rule.schema, "$schema": DRAFT_4})


# For each format the plans that it holds whole.
HELD: Mapping[str, SearchStrategy[TrackingPlan]] = {
    "uclint": plain_plans(ALL, recommending=True),
    "segment": plain_plans(ALL[:-1], recommending=True),
    "segment-config": plain_plans(["TRACK", "IDENTIFY", "GROUP"], recommending=True),
    "protocols-csv": plain_plans(ALL, recommending=True),
    "typewriter": plain_plans(ALL[:-1], recommending=True),
    "typewriter-legacy": plain_plans(["TRACK"], recommending=True),
    "rudderstack": plain_plans(ALL[:-1], recommending=True),
    "rudderstack-yaml": plain_plans(ALL[:-1]),
    "avo": plain_plans(["TRACK"], recommending=True),
    "snowplow": plain_plans(["TRACK"], change=slugged),
    "json-schema": plain_plans(ALL, recommending=True),
}


def rules_of(plan: TrackingPlan) -> dict[str, Any]:
    """The rules by their title, each in the one form of its meaning."""
    return {title(rule): canonical(rule.schema) for rule in plan.rules}


def keywords(schema: Any) -> dict[str, int]:
    """How often each key stands in a schema, names of properties among them."""
    found: dict[str, int] = {}
    waiting = [schema]
    while waiting:
        inner = waiting.pop()
        for key in inner if isinstance(inner, dict) else ():
            found[key] = found.get(key, 0) + 1
        waiting += inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else ()
    return found


def lost(plan: TrackingPlan, back: dict[str, Any], name: str) -> set[str]:
    """The limits that stand less often in a rule that came back."""
    before, after = keywords(rules_of(plan)[name]), keywords(back[name])
    limits = ("minimum", "maxLength", "minItems", "anyOf", "additionalItems", "enum", "additionalProperties")
    return {key for key in limits if after.get(key, 0) < before.get(key, 0)}


def noted(notes: tuple[str, ...]) -> set[str]:
    """The keywords that notes are about, and those inside properties that are left out as a whole."""
    words = {word.strip(",:") for note in notes for word in note.split()}
    inside = {"minimum", "maxLength", "minItems", "anyOf", "additionalItems", "enum", "additionalProperties"}
    return words | inside if {"properties", "anyOf", "items", "additionalProperties"} & words else words


def test_every_format_is_tested_and_has_a_module() -> None:
    assert set(HELD) == set(FORMATS)
    for name in FORMATS:
        assert format_named(name).__doc__


@pytest.mark.no_cover
@pytest.mark.parametrize("form", FORMATS)
def test_what_a_format_can_hold_comes_back_equal(form: str) -> None:
    @settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
    @given(HELD[form])
    def check(plan: TrackingPlan) -> None:
        written = convert(plan, form)
        assert not written.touched, written.notes
        back = read_texts("Shop", written.files)
        assert rules_of(back.plan) == rules_of(plan)
        assert len(back.plan.rules) == len(plan.rules)
        assert back.format == form

    check()


@pytest.mark.no_cover
@pytest.mark.parametrize("form", FORMATS)
def test_what_comes_back_different_is_in_a_note(form: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    @settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
    @given(wild_plans())
    def check(plan: TrackingPlan) -> None:
        written = convert(plan, form)
        folder = tmp_path_factory.mktemp("plan")
        for name, text in written.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            assert path.resolve().is_relative_to(folder)
            path.write_bytes(text.encode())
        try:
            back = rules_of(read_plan(folder).plan) if written.files else {}
        except PlanError:
            back = {}
        expected = rules_of(plan)
        different = {name for name in expected if back.get(name) != expected[name]}
        assert different <= written.touched
        assert all(lost(plan, back, name) <= noted(written.notes) for name in different if name in back)
        assert bool(written.touched) <= bool(written.notes)

    check()


@pytest.mark.no_cover
@settings(max_examples=examples(60), deadline=None)
@given(wild_plans())
def test_our_own_format_holds_everything(plan: TrackingPlan) -> None:
    written = format_named("uclint").write(plan)
    assert written.notes == ()
    back = read_texts("", written.files).plan
    assert rules_of(back) == rules_of(plan)
    assert (back.id, back.name, back.description or None) == (plan.id, plan.name, plan.description or None)


@pytest.mark.no_cover
@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(plain_plans(ALL, recommending=True) | wild_plans())
def test_what_our_own_format_writes_fits_its_schema(plan: TrackingPlan) -> None:
    from validator.syntax.plan_file import PlanFile  # noqa: PLC0415
    from validator.syntax.yaml_document import parse_yaml  # noqa: PLC0415

    (text,) = format_named("uclint").write(plan).files.values()
    document = parse_yaml(text, PlanFile(Path("plan.yaml")))
    assert document is not None
    OWN_SCHEMA.validate(document.value)


OWN_SCHEMA = jsonschema.Draft7Validator(
    json.loads((data_directory("schemas") / "tracking-plan.schema.json").read_text("utf-8"))
)


def test_the_schema_of_our_own_format_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(OWN_SCHEMA.schema)


def test_requests_hold_at_most_200_rules() -> None:
    rules = tuple(PlanRule("TRACK", f"Event {i}", {"type": "object"}) for i in range(2 * MOST_RULES + 1))
    written = format_named("segment").write(TrackingPlan("p", "p", rules))
    sizes = [len(json.loads(text)["rules"]) for text in written.files.values()]
    assert sizes == [MOST_RULES, MOST_RULES, 1]
    assert [rule.key for rule in read_texts("", written.files).plan.rules] == [rule.key for rule in rules]
