"""The team's own names: calls that are named otherwise mean the same."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tests.support.call_oracle import applies, breaches
from tests.support.checking import check_stream
from tests.support.command import SAMPLES
from validator import Catalog, Names, compile_use_case
from validator.instrument.languages import LANGUAGES
from validator.instrument.sample_calls import generate
from validator.instrument.snippets import snippets
from validator.model import pointer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator import Report
    from validator.catalog import UseCase

CATALOG = Catalog.load()
CALLS = [json.loads(line) for line in gzip.decompress((SAMPLES / "archive.ndjson.gz").read_bytes()).splitlines()]
SENT = sorted({call["event"] for call in CALLS if call["type"] == "track"} & set(CATALOG.events))
EVENTS = {f"our_{name.lower().replace(' ', '_')}": name for name in SENT}
PROPERTIES = {f"our_{p.name}": p.name for event in CATALOG.events.values() for p in event.properties}


def renamed(call: dict[str, Any], events: dict[str, str], properties: dict[str, str]) -> dict[str, Any]:
    """The call as a team with names of its own would send it."""
    own_events, own = ({name: key for key, name in table.items()} for table in (events, properties))
    new = dict(call)
    if call["type"] == "track":
        new["event"] = own_events.get(call["event"], call["event"])
    if isinstance(call.get("properties"), dict):
        new["properties"] = {own.get(key, key): value for key, value in call["properties"].items()}
    return new


def report_of(calls: Iterable[dict[str, Any]], names: Names | None = None) -> Report:
    return check_stream("".join(json.dumps(call) + "\n" for call in calls).encode(), names=names)


PLAIN = report_of(CALLS)


def counts(report: Report) -> Any:
    """What a report says, but for the places of properties and the words."""
    found = sorted((f.code, f.severity, f.event or "", f.property or "", f.count, f.use_cases) for f in report.findings)
    return report.use_cases, report.valid, report.invalid, found


@pytest.mark.parametrize(
    ("events", "properties"),
    [(EVENTS, {}), ({}, PROPERTIES), (EVENTS, PROPERTIES)],
    ids=["events", "properties", "both"],
)
def test_calls_under_own_names_mean_the_same(events: dict[str, str], properties: dict[str, str]) -> None:
    calls = [renamed(call, events, properties) for call in CALLS]
    assert (calls == CALLS) == (not events and not properties)
    without = report_of(calls)
    assert (counts(without) == counts(PLAIN)) == (calls == CALLS), "the names make no difference"
    names = Names(events=events, properties=properties)
    assert counts(report_of(calls, names)) == counts(PLAIN)
    assert counts(report_of(CALLS, names)) == counts(PLAIN), "the recommended names must stay good"


def test_a_report_says_the_own_name() -> None:
    names = Names(events={"done": "Order Completed"}, of_events={"Order Completed": {"tax_amount": "tax"}})
    use_cases = CATALOG.find("increase-repeat-purchases")[:1]
    call = {"type": "track", "event": "done", "properties": {"tax_amount": "x"}}
    report = check_stream(json.dumps(call).encode(), use_cases, names=names)
    messages = {(f.code, f.property): f.message for f in report.findings if f.event == "Order Completed"}
    assert messages["TP202", "tax"].endswith("(your names: done, tax_amount).")
    assert "/properties/tax_amount, /properties/tax" in messages["TP202", "tax"]
    assert messages["UC102", "order_id"].endswith("(your names: done).")
    never = check_stream(b'{"type": "track"}', use_cases, names=names)
    (sentence,) = [f.message for f in never.findings if (f.code, f.event) == ("UC101", "Order Completed")]
    assert sentence == "Order Completed is recommended, and was never seen (your names: done)."


def test_a_name_of_one_event_holds_there_alone() -> None:
    names = Names(properties={"sum": "total"}, of_events={"Order Completed": {"sum": "revenue"}})
    assert names.of_property("Order Completed", "revenue") == ("sum",)
    assert names.of_property("Order Completed", "total") == ()
    assert names.of_property("Checkout Started", "total") == ("sum",)


@pytest.mark.parametrize("use_case", CATALOG.use_cases, ids=lambda u: u.id)
def test_plans_with_own_names_are_read_alike_by_jsonschema(use_case: Any) -> None:
    names = Names(events=EVENTS, properties=PROPERTIES)
    plan = compile_use_case(use_case, names)
    keys = {rule.key for rule in plan.rules}
    assert keys >= {own for own, name in EVENTS.items() if name in {e.event.name for e in use_case.events}}
    want: Counter[tuple[Any, ...]] = Counter()
    calls = [renamed(call, EVENTS, PROPERTIES) for call in CALLS[::9]] + CALLS[1::27]
    calls += [call | {"properties": {key: [] for key in call.get("properties") or {}}} for call in calls[::4]]
    for rule in plan.rules:
        calls += [{"type": rule.type, "event": rule.key}, {"type": rule.type, "event": rule.key, "properties": []}]
    for rule in plan.rules:
        jsonschema.Draft7Validator.check_schema(rule.schema)
        for call in calls:
            for b in breaches(rule, call) if applies(rule, call) else ():
                want[rule.schema["x-event"], b.property, b.location, b.keyword] += 1
    lines = "".join(json.dumps(call) + "\n" for call in calls).encode()
    report = check_stream(lines, [use_case], names=names, catalog=CATALOG)
    got: Counter[tuple[Any, ...]] = Counter()
    for f in report.findings:
        if f.code in ("TP201", "TP202", "UC102"):
            got[f.event, f.property, f.instance_location, f.keyword] += f.count
    assert got == want
    assert want


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (Names(events={"a": "Order Complete"}), [(("events", "a"), "did you mean 'Order Completed'")]),
        (Names(events={"Order Completed": "Trial Started"}), [(("events", "Order Completed"), "is itself the name")]),
        (Names(properties={"a": "taxx"}), [(("properties", "a"), "unknown property 'taxx'; did you mean 'tax'")]),
        (Names(properties={"total": "tax"}), [(("properties", "total"), "'total' is itself a property of")]),
        (Names(of_events={"X": {"a": "tax"}}), [(("properties", "X"), "unknown event 'X'")]),
        (
            Names(of_events={"Order Completed": {"a": "category", "tax": "total"}}),
            [
                (("properties", "Order Completed", "a"), "unknown property of Order Completed 'category'"),
                (("properties", "Order Completed", "tax"), "'tax' is itself a property of Order Completed"),
            ],
        ),
        (Names(events=EVENTS, properties=PROPERTIES), []),
    ],
)  # fmt: skip
def test_names_that_do_not_fit(names: Names, says: list[tuple[tuple[str, ...], str]]) -> None:
    found = list(names.mistakes(CATALOG))
    assert [keys for keys, _ in found] == [keys for keys, _ in says]
    for (_, message), (_, want) in zip(found, says, strict=True):
        assert want in message


def test_a_pointer_in_an_own_name_is_escaped() -> None:
    plan = compile_use_case(CATALOG.find("increase-repeat-purchases")[0], Names(properties={"t/x~": "tax"}))
    lines = json.dumps({"type": "track", "event": "Order Completed", "properties": {"t/x~": 3}}).encode()
    report = check_stream(lines, CATALOG.find("increase-repeat-purchases")[:1], names=Names(properties={"t/x~": "tax"}))
    (tax,) = {p.present for u in report.use_cases for e in u.events for p in e.properties if p.name == "tax"}
    assert tax == 1
    assert pointer("t/x~") == "/t~1x~0"
    assert plan.rules


NAMES = Names(EVENTS, PROPERTIES, {"Order Completed": {"shop_total": "total"}})


@pytest.mark.parametrize("use_case", CATALOG.use_cases, ids=lambda use_case: use_case.id)
def test_sample_calls_have_own_names_and_all_that_is_recommended(use_case: UseCase) -> None:
    lines = "".join(generate(use_case, 24, names=NAMES))
    report = check_stream(lines.encode(), [use_case], names=NAMES)
    assert (report.use_cases[0].coverage, report.findings) == (1, ())
    calls = [json.loads(line) for line in lines.splitlines()]
    assert {call["event"] for call in calls if call["type"] == "track"}.isdisjoint(EVENTS.values())
    assert {key for call in calls for key in call["properties"]} <= PROPERTIES.keys() | {"shop_total"}


@pytest.mark.parametrize(
    "events", [EVENTS, {name.lower().replace(" ", "_"): name for name in SENT}], ids=["our", "snake"]
)
def test_each_flaw_of_sample_calls_under_own_names_is_found(events: dict[str, str]) -> None:
    use_case = CATALOG.find("personalize-winback")[0]
    names = Names(events, PROPERTIES)
    sound, flawed = (list(generate(use_case, 60, names=names, flaws=flaws)) for flaws in (False, True))
    spoilt = [line for line, whole in zip(flawed, sound, strict=True) if line != whole]
    assert len(spoilt) >= 15
    for line in spoilt:
        report = check_stream(line.encode(), [use_case], names=names)
        assert [f for f in report.findings if f.code != "UC101"], line


@pytest.mark.parametrize("language", LANGUAGES)
def test_snippets_send_own_names(language: str) -> None:
    for use_case in CATALOG.use_cases:
        code = snippets(use_case, language, NAMES)
        for use in use_case.events:
            if any(call.type != "track" for call in use.event.calls) or use.event.name not in SENT:
                continue
            assert NAMES.of_event(use.event.name)[0] in code
            assert all(NAMES.of_property(use.event.name, name)[0] in code for name in use.recommended)
