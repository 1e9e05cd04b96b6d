"""Compiled plans: kept, fresh, in the promised form, and read by any JSON Schema tool as uclint reads them."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import jsonschema_rs
import pytest

from samples import flaws
from tests.support.call_oracle import PAYLOAD, Breach, applies, breaches, oracle
from tests.support.checking import check_paths
from tests.support.examples import examples
from validator import Catalog, compile_use_case, message_schema
from validator.adapters.cli.app import run
from validator.config import data_directory
from validator.model import CALL_TYPES, pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from validator import PlanRule, UseCase
    from validator.catalog.model import CallMatch, Event

pytestmark = pytest.mark.no_cover

KEPT = data_directory("schemas") / "tracking-plans"
SAMPLES = sorted(path for path in Path(flaws.__file__).parent.iterdir() if path.suffix in (".ndjson", ".json", ".gz"))
USE_CASES = [pytest.param(use_case, id=use_case.id) for use_case in Catalog.load().use_cases]
every_use_case = pytest.mark.parametrize("use_case", USE_CASES)


# ------------------------------------------------------------------------------------------------- kept and printed


def test_kept_plans_are_fresh(tmp_path: Path) -> None:
    assert run(["compile", "--all", str(tmp_path)]) == 0
    written, kept = ({p.relative_to(top): p for p in top.rglob("*") if p.is_file()} for top in (tmp_path, KEPT))
    assert len(written) == 25
    assert written.keys() == kept.keys()
    stale = [name for name in kept if kept[name].read_bytes() != written[name].read_bytes()]
    assert not stale, "run: uclint compile --all schemas/tracking-plans"


@every_use_case
def test_printed_plan_is_the_kept_one(use_case: UseCase, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["compile", use_case.id]) == 0
    printed = capfdbinary.readouterr().out
    assert printed == (KEPT / use_case.goal / f"{use_case.slug}.json").read_bytes()


@every_use_case
def test_printed_message_schema(use_case: UseCase, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["compile", use_case.id, "--format", "json-schema"]) == 0
    assert json.loads(capfdbinary.readouterr().out) == message_schema(compile_use_case(use_case))


# -------------------------------------------------------------------------------------------------------------- form


@every_use_case
def test_schemas_pass_the_metaschema(use_case: UseCase) -> None:
    plan = compile_use_case(use_case)
    for schema in (*(rule.schema for rule in plan.rules), message_schema(plan)):
        assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
        jsonschema.Draft7Validator.check_schema(schema)
        jsonschema_rs.meta.validate(dict(schema))
        assert '"$ref"' not in json.dumps(schema), "a schema that needs another one"


@every_use_case
def test_plan_has_segments_form(use_case: UseCase) -> None:
    plan = json.loads((KEPT / use_case.goal / f"{use_case.slug}.json").read_bytes())
    assert list(plan) == ["name", "rules"]
    assert plan["name"] == use_case.name
    expected = [(use.event, match) for use in use_case.events for match in use.event.calls]
    for rule, (event, match) in zip(plan["rules"], expected, strict=True):
        assert (rule["type"], rule["version"]) == (match.type.upper(), 1)
        assert rule.get("key", ...) == (event.name if match.type == "track" else ...)
        assert set(rule) - {"key"} == {"type", "version", "jsonSchema"}
        assert rule["jsonSchema"]["x-event"] == event.name


@every_use_case
def test_rules_ask_for_what_is_recommended(use_case: UseCase) -> None:
    rules = iter(compile_use_case(use_case).rules)
    for use in use_case.events:
        for match in use.event.calls:
            check_form(next(rules).schema, use.event, match, use.recommended)
    assert next(rules, None) is None


def check_form(schema: Any, event: Event, match: CallMatch, recommended: tuple[str, ...]) -> None:
    payload, branches = schema["properties"]["properties"], schema.get("allOf", [])
    assert (schema["type"], payload["type"]) == ("object", "object")
    for part, names in ((payload, payload.get("required")), (schema, schema.get("required"))):
        assert part.get("x-recommended") == names
    asked = payload.get("required", [])
    assert schema.get("required") == (["properties"] if asked else None)
    assert sorted([*asked, *(branch["x-property"] for branch in branches)]) == sorted(recommended)
    for name in asked:
        assert event.places(match, name) == (pointer("properties", name),)
        check_type(payload["properties"][name], payload["properties"][name], event, name)
    for branch in branches:
        name = branch["x-property"]
        assert branch["x-recommended"] == [name]
        found = [(place, inner) for schema in branch["anyOf"] for place, inner in leaves(schema)]
        assert tuple(place for place, _ in found) == event.places(match, name)
        for _, inner in found:
            check_type(inner, branch, event, name)


def leaves(schema: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """The place that one branch of an `anyOf` is about, and the schema of the value there."""
    if "required" not in schema:
        yield place, schema
        return
    (key,) = schema["required"]
    assert schema == {"type": "object", "properties": {key: schema["properties"][key]}, "required": [key]}
    yield from leaves(schema["properties"][key], place + pointer(key))


def check_type(schema: Any, provenance: Any, event: Event, name: str) -> None:
    prop = event.property(name)
    assert schema["type"] == (list(prop.types) if len(prop.types) > 1 else prop.types[0])
    assert ("items" in schema) == (prop.items is not None)
    assert provenance.get("x-severity") == ("warning" if prop.spec is None else None)
    assert prop.spec is None or prop.spec in provenance["$comment"]


# ---------------------------------------------------------------------------------------------- what others find


def sample_calls() -> Iterator[dict[str, Any]]:
    """The calls of the bundled samples, read plainly."""
    for path in SAMPLES:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
        for value in lines(text) if ".ndjson" in path.name else documents(text):
            members = value.get("batch", [value]) if isinstance(value, dict) else value
            yield from (member for member in members if isinstance(member, dict))


def lines(text: str) -> Iterator[Any]:
    for line in text.split("\n"):
        try:
            yield json.loads(line)
        except ValueError:
            continue


def documents(text: str) -> Iterator[Any]:
    while text := text.strip():
        value, end = json.JSONDecoder().raw_decode(text)
        yield value
        text = text[end:]


def spoiled(calls: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The first call of each type and event, spoiled in many ways: not every sample has flaws."""
    for call in {(call["type"], call.get("event")): call for call in reversed(calls)}.values():
        whole = call.get("properties", {})
        yield {key: value for key, value in call.items() if key in ("type", "event")}
        payloads: list[Any] = [None, [], "x", {}, dict.fromkeys(whole), {name: [name] for name in whole}]
        yield from (call | {"properties": payload} for payload in payloads)
        for name in whole:
            yield call | {"properties": {key: value for key, value in whole.items() if key != name}}
        yield call | dict.fromkeys(("name", "category"), 3) | {"properties": {}}


CALLS = list(sample_calls())
SPOILED = list(spoiled(CALLS))
ODD_CALLS: list[Any] = [
    {},
    {"type": None, "event": "Order Completed"},
    {"type": "identify", "event": "Order Completed"},
    {"type": "track"},
    {"type": "track", "event": None},
    {"type": "track", "event": "order completed"},
    {"type": "track", "event": "Order Completed "},
    {"type": "trac\u212a", "event": "Order Completed"},
    {"type": "tracks", "event": "Order Completed"},
    {"type": "TRACK", "event": "Order Completed"},
    {"type": "Page"},
    {"type": "sCREEN", "name": "x", "properties": {}},
]


def of_jsonschema(rule: PlanRule, call: Any) -> list[Breach]:
    return list(breaches(rule, call))


def of_jsonschema_rs(rule: PlanRule, call: Any) -> list[Breach]:
    """The same by a validator that shares no code with the other."""
    found: dict[Breach, None] = {}
    for error in jsonschema_rs.Draft7Validator(dict(rule.schema)).iter_errors(call):
        path, *keys = "", *error.instance_path
        path = "".join("/*" if isinstance(key, int) else pointer(key) for key in keys)
        *above, keyword = error.schema_path
        if keyword == "required" and not keys:
            names = rule.schema["properties"]["properties"]["required"]
            found.update((Breach(PAYLOAD, "required", name, name), None) for name in names)
        elif keyword == "required":
            assert isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required)
            found[Breach(path, "required", error.kind.property, error.kind.property)] = None
        elif keyword == "anyOf":
            assert above[0] == "allOf"
            found[Breach(path, "anyOf", None, rule.schema["allOf"][above[1]]["x-property"])] = None
        else:
            found[Breach(path, str(keyword), None, str(keys[1]) if len(keys) > 1 else None)] = None
    return list(found)


def test_samples_have_what_is_needed() -> None:
    assert len(CALLS) > 600
    assert {call["type"] for call in CALLS} >= set(CALL_TYPES)
    kinds = {type(call.get("properties")).__name__ for call in CALLS}
    assert {"dict", "NoneType"} <= kinds


@every_use_case
@pytest.mark.parametrize("tool", [of_jsonschema, of_jsonschema_rs])
def test_others_find_what_the_report_says(
    use_case: UseCase, tool: Callable[[PlanRule, Any], list[Breach]], tmp_path: Path
) -> None:
    rules = compile_use_case(use_case).rules
    worse = tmp_path / "spoiled.ndjson"
    worse.write_text("".join(json.dumps(call) + "\n" for call in SPOILED), "utf-8")
    want: Counter[tuple[str, str | None, str, str]] = Counter()
    for call in [*CALLS, *SPOILED]:
        for rule in rules:
            if applies(rule, call):
                event = rule.schema["x-event"]
                want.update((event, b.property, b.location, b.keyword) for b in tool(rule, call))
    got: Counter[tuple[str | None, str | None, str | None, str | None]] = Counter()
    for finding in check_paths([str(path) for path in (*SAMPLES, worse)], [use_case]).findings:
        if finding.code in ("TP201", "TP202", "UC102"):
            got[finding.event, finding.property, finding.instance_location, finding.keyword] += finding.count
            assert finding.keyword == "anyOf" or (finding.keyword == "required") == (finding.code == "UC102")
    assert got == want
    assert {keyword for *_, keyword in want} >= {"required", "type"}, "too little was compared"


def some(calls: list[Any]) -> list[Any]:
    """A sample of calls, from all parts of the list."""
    return random.Random(7).sample(calls, examples(len(calls)))


@every_use_case
def test_message_schema_agrees_with_the_rules(use_case: UseCase) -> None:
    plan = compile_use_case(use_case)
    schema = message_schema(plan)
    whole, foreign = oracle(schema), jsonschema_rs.Draft7Validator(schema)
    validators = [(rule, oracle(rule.schema)) for rule in plan.rules]
    unconcerned = 0
    for call in [*some(CALLS), *some(SPOILED), *ODD_CALLS]:
        applicable = [validator for rule, validator in validators if applies(rule, call)]
        want = Counter(described(error) for validator in applicable for error in validator.iter_errors(call))
        assert Counter(described(error) for error in whole.iter_errors(call)) == want
        assert len(list(foreign.iter_errors(call))) == want.total()
        assert foreign.is_valid(call) == (not want)
        unconcerned += not applicable
    assert unconcerned > len(ODD_CALLS) // 2, "no call of another type or event was accepted"


def described(error: jsonschema.ValidationError) -> tuple[tuple[str | int, ...], str, str]:
    return tuple(error.absolute_path), str(error.validator), error.message


def test_type_that_ends_its_line_is_another_type() -> None:
    """`$` is the very end in ECMA-262, and in Python also before a last line end: the schema must not depend on it."""
    (use_case,) = Catalog.load().find("optimize-advertising/mitigate-cart-abandonment")
    schema = message_schema(compile_use_case(use_case))
    broken, other = ({"type": kind, "event": "Order Completed"} for kind in ("track", "track\n"))
    for validator in (oracle(schema), jsonschema_rs.Draft7Validator(schema)):
        assert not validator.is_valid(broken)
        assert validator.is_valid(other), validator
