"""The engine against `jsonschema`: for any call and any plan rule, both find the same violations."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.support.any_calls import LITERALS, PAYLOADS, streams
from tests.support.call_oracle import applies, breaches, check_call, matches, parsed, state
from tests.support.counted import Counts, Reader, profile_of, quick_from
from tests.support.examples import examples
from validator import Event, LineClass, PlanError, Program, Severity, UseCase, compile_use_case
from validator.catalog.model import CallMatch, EventUse, Property
from validator.engine.decode.decoder import REFUSED
from validator.engine.judge.violation import State
from validator.engine.scan import entries
from validator.model import pointer
from validator.report import assess

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


pytestmark = pytest.mark.no_cover


thorough = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
Stream = tuple[tuple[UseCase, ...], list[bytes]]

# So often that quick tests are used of most of them.
TIMES = 40


# ------------------------------------------------------------------------------------------------------------- tests


@given(streams())
@settings(thorough, max_examples=examples(220))
def test_engine_finds_what_jsonschema_finds(stream: Stream) -> None:
    use_cases, written = stream
    reader = Reader(Program(map(compile_use_case, use_cases)))
    for line in written:
        check_ways(reader, line, check_call(reader, line))


def check_ways(reader: Reader, line: bytes, counted: Counts) -> None:
    """Fails if one of the ways into the engine counts the call differently."""
    assert reader.element(line) == counted
    assert reader.block(b" " + line + b"\r") == counted
    assert reader.block(line, TIMES) == counted
    assert reader.member(line) == counted
    # The same call, such that only the exact path can read it: its `batch` is a list until it is null.
    exact = b'{"batch":[],' + line[1:-1] + b',"batch":null}'
    assert reader.element(exact) == counted
    decoder = reader.facts.decoder
    with pytest.raises(REFUSED):
        decoder.decode(exact)
    try:
        decoder.decode(line)
    except REFUSED:
        assert decoder.block(line + b"\n") is None
    else:
        assert decoder.block(line + b"\n") is not None, "the fast path refuses what it could read"


@given(streams())
@settings(thorough, max_examples=examples(130))
def test_report_adds_up(stream: Stream) -> None:
    use_cases, written = stream
    program = Program(map(compile_use_case, use_cases))
    profile = profile_of(program, written)
    with quick_from(1):
        assert profile_of(program, written) == profile
    report = assess(profile, program, use_cases, goals={})
    calls = [parsed(line) for line in written]
    assert report.lines[LineClass.CALL] == len(calls) == report.calls == sum(report.types.values())
    assert sum(report.lines.values()) == len(calls)
    assert report.invalid == sum(is_invalid(program, use_cases, call) for call in calls)
    for use_case, shown in zip(use_cases, report.use_cases, strict=True):
        counts = count_states(use_case, calls)
        for use, event in zip(use_case.events, shown.events, strict=True):
            assert event.calls == sum(u is use for call in calls for u, _ in matches(use_case, call))
            for name, prop in zip(use.recommended, event.properties, strict=True):
                assert prop.name == name
                assert prop.present + prop.missing + prop.invalid == event.calls
                got = {State.PRESENT: prop.present, State.MISSING: prop.missing, State.INVALID: prop.invalid}
                assert got == {s: counts[use.event.name, name, s] for s in State}, (use.event, name, written)


def one_event(
    places: Mapping[str, tuple[str, ...]], *properties: Property, kind: str = "page", name: str = "Order Completed"
) -> UseCase:
    event = Event(name, "What it means.", (CallMatch(kind, places),), properties)
    use = EventUse(event, tuple(prop.name for prop in properties))
    return UseCase("goal", "case", "Case", "What it does.", (use,), (), ())


@pytest.mark.parametrize("first", ["[1.5]", "[2.0]"])
@pytest.mark.parametrize("second", ["1.5", "2.0"])
def test_value_check_is_not_taken_for_another(first: str, second: str) -> None:
    """Whatever the names of two properties are, a failed check of one says nothing of the other."""
    array = Property("a", ("array",), ("integer",), "What it means.", None)
    integer = Property("a:items", ("integer",), None, "What it means.", None)
    line = f'{{"type":"page","properties":{{"a":{first},"a:items":{second}}}}}'
    check_call(Reader(Program([compile_use_case(one_event({}, array, integer))])), line.encode())


@pytest.mark.parametrize(
    ("name", "text"), [("None", "null"), ("3", "3"), ("True", "true"), ("['a']", '["a"]'), ("{}", "{}")]
)
def test_event_that_is_no_text_is_no_event(name: str, text: str) -> None:
    prop = Property("tax", ("number",), None, "What it means.", None)
    reader = Reader(Program([compile_use_case(one_event({}, prop, kind="track", name=name))]))
    for line in (f'{{"type":"track","event":{text}}}', f'{{"type":"track","properties":{{"tax":{text}}}}}'):
        counted = check_call(reader, line.encode())
        ((table, _),) = counted["calls"].items()
        assert table.name is None
        check_ways(reader, line.encode(), counted)


def test_empty_name_is_a_name_like_others() -> None:
    reader = Reader(Program([compile_use_case(one_event({}, Property("", ("integer",), None, "It.", None)))]))
    for payload in ("null", '""', "[]", "{}", '{"":1}', '{"":1.5}', '{"":null}', '{"":{"":1}}'):
        for line in ('{"type":"page"}', f'{{"type":"page","properties":{payload}}}'):
            check_ways(reader, line.encode(), check_call(reader, line.encode()))


def test_null_in_the_only_place_is_there_and_wrong() -> None:
    """Null counts as missing only where a property may stand in several places."""
    prop = Property("category", ("string",), None, "What it means.", None)
    use_case = one_event({"category": ("/category",)}, prop)
    program = Program([compile_use_case(use_case)])
    reader, line = Reader(program), b'{"type":"page","category":null}'
    reader.block(line)
    effect = reader.facts.effect(line)
    assert effect.states == {("Order Completed", "category"): State.INVALID}
    assert [violation.code for violation, _ in effect.violations] == ["TP202"]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ("", "UC102"),
        (',"category":null', "UC102"),
        (',"category":null,"properties":{"category":null}', "UC102"),
        (',"category":null,"properties":null', "UC102"),
        (',"category":"x","properties":{"category":3}', None),
        (',"category":3,"properties":{"category":"x"}', None),
        (',"category":null,"properties":{"category":"x"}', None),
        (',"category":"x","properties":[]', None),
        (',"category":3', "TP202"),
        (',"category":null,"properties":{"category":3}', "TP202"),
        (',"category":3,"properties":{"category":null}', "TP202"),
        (',"category":["x"],"properties":{"category":{}}', "TP202"),
    ],
)
def test_several_places(members: str, code: str | None) -> None:
    """Present if any place fits, else invalid if any holds something other than null, else missing."""
    prop = Property("category", ("string",), None, "What it means.", None)
    use_case = one_event({"category": ("/category", "/properties/category")}, prop)
    program = Program([compile_use_case(use_case)])
    reader = Reader(program)
    line = f'{{"type":"page"{members}}}'.encode()
    check_ways(reader, line, check_call(reader, line))
    outcome = reader.facts.effect(line)
    states = {None: State.PRESENT, "UC102": State.MISSING, "TP202": State.INVALID}
    (about_all,) = outcome.states.values() if code else [State.PRESENT]
    assert about_all is states[code]
    about = [violation.code for violation, _ in outcome.violations if violation.property == "category"]
    assert about == ([code] if code else [])


@pytest.mark.parametrize("field", ['"', 'say "x"', "\\", "\n", "\x1f", "\x7f", "\u2028", "'", "a b", "properties "])
def test_field_is_read_whatever_its_name_or_the_plan_is_refused(field: str) -> None:
    prop = Property("title", ("string",), None, "What it means.", None)
    plan = compile_use_case(one_event({"title": (pointer(field), "/properties/title")}, prop))
    try:
        reader = Reader(Program([plan]))
    except PlanError:
        return
    for value in ('"x"', "3", "null"):
        check_call(reader, f'{{"type":"page",{json.dumps(field)}:{value}}}'.encode())


@pytest.mark.parametrize("capacity", [1, 2, 3])
def test_few_entries_held_at_once_make_no_difference(capacity: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past a number of kinds of calls all are forgotten, and counts are moved on early."""
    properties = [Property(name, ("integer", "array"), ("integer",), "It.", None) for name in ("", "tax", "title")]
    use_case = one_event({"title": ("/title", "/properties/title")}, *properties)
    program = Program([compile_use_case(use_case)])
    payloads = [*PAYLOADS[1:], *(f'{{"{name}":{value}}}' for name in ("", "tax", "x") for value in LITERALS)]
    fields = [
        "",
        *(f',"properties":{payload}' for payload in payloads),
        ',"title":1.5',
        ',"title":"x"',
        ',"title":[1.5]',
    ]
    written = [f'{{"type":"{kind}"{rest}}}'.encode() for kind in ("group", "page", "Page") for rest in fields] * 2
    want = profile_of(program, written)
    assert len(want.deviations) > 16
    monkeypatch.setattr(entries, "CAPACITY", capacity)
    assert profile_of(program, written) == want
    monkeypatch.setattr(entries, "CAPACITY", 1 << 12)
    monkeypatch.setattr(entries, "HELD", 0)
    with quick_from(1):
        assert profile_of(program, written) == want


def count_states(use_case: UseCase, calls: Iterable[Any]) -> Counter[tuple[str, str, State]]:
    counts: Counter[tuple[str, str, State]] = Counter()
    for call in calls:
        for use, match in matches(use_case, call):
            for name in use.recommended:
                counts[use.event.name, name, state(use.event, match, use.event.property(name), call)] += 1
    return counts


def is_invalid(program: Program, use_cases: Sequence[UseCase], call: Any) -> bool:
    """Whether `jsonschema` finds anything of error severity: a recommendation not followed is none."""
    missing = {
        (use.event.name, name)
        for use_case in use_cases
        for use, match in matches(use_case, call)
        for name in use.recommended
        if state(use.event, match, use.event.property(name), call) is State.MISSING
    }
    return any(
        severity is Severity.ERROR
        for plan in program.plans
        for rule in plan.rules
        if applies(rule, call)
        for breach, severity in breaches(rule, call).items()
        if not (breach.keyword == "anyOf" and (rule.schema["x-event"], breach.property) in missing)
    )
