"""The engine against `jsonschema`: for any call and any plan rule, both find the same violations."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

import jsonschema
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from referencing import Registry

from validator import Event, Limits, LineClass, PlanError, Program, Severity, UseCase, assess, compile_use_case
from validator.catalog.model import CallMatch, EventUse, Property
from validator.engine import cells
from validator.engine.decode import REFUSED, Decoder
from validator.engine.engine import Engine
from validator.engine.judge import State
from validator.engine.lower import lower
from validator.input.documents import Element
from validator.input.lines import Block
from validator.model import JSON_TYPES, pointer, pointer_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jsonschema.protocols import Validator

    from validator.engine.judge import Judgement, Violation
    from validator.engine.profile import Profile
    from validator.engine.shape import Shape
    from validator.model import JsonType
    from validator.plan import PlanRule

pytestmark = pytest.mark.no_cover

T = TypeVar("T")


# ------------------------------------------------------------------------------------------- what jsonschema says


class Breach(NamedTuple):
    """One way in which a call breaks a plan rule, as the engine and `jsonschema` can both say it."""

    location: str
    keyword: str
    missing: str | None
    property: str | None


PAYLOAD = "/properties"
ABSENT = object()


def oracle(schema: Mapping[str, Any]) -> Validator:
    """A validator that fetches nothing."""
    return jsonschema.Draft7Validator(schema, registry=Registry())


def breaches(rule: PlanRule, call: Any) -> dict[Breach, Severity]:
    """What `jsonschema` finds, each with its severity.

    Said as the engine says it: `*` for whichever elements of an array are wrong, and instead of a missing
    `properties` each property that is required there.
    """
    found: Counter[Breach] = Counter()
    severities: dict[Breach, Severity] = {}
    for error in oracle(rule.schema).iter_errors(call):
        for breach, severity in _breaches_of(error, rule.schema):
            found[breach] += 1
            severities[breach] = severity
    # Only elements of one array may collapse; anything else found twice would be lost in a mapping.
    twice = [breach for breach, times in found.items() if times > 1 and not breach.location.endswith("/*")]
    assert not twice, twice
    return severities


def _breaches_of(error: jsonschema.ValidationError, schema: Mapping[str, Any]) -> Iterator[tuple[Breach, Severity]]:
    location = "".join("/*" if isinstance(key, int) else pointer(key) for key in error.absolute_path)
    keyword = str(error.validator)
    own: Any = error.schema
    if keyword == "required":
        (missing,) = (name for name in own["required"] if error.message == f"{name!r} is a required property")
        if not error.absolute_path and missing == "properties":
            own, location = schema["properties"]["properties"], PAYLOAD
            names = own["required"]
        else:
            names = [missing]
        for name in names:
            severity = Severity.WARNING if name in own["x-recommended"] else Severity.ERROR
            yield Breach(location, keyword, name, name), severity
    elif keyword == "anyOf":
        severity = Severity(own.get("x-severity", "error"))
        yield Breach(location, keyword, None, own["x-property"]), severity
    else:
        path = list(error.absolute_path)
        name = None if len(path) == 1 else str(path[1])
        prop = {} if name is None else schema["properties"]["properties"]["properties"][name]
        yield Breach(location, keyword, None, name), Severity(prop.get("x-severity", "error"))


def as_breach(violation: Violation) -> Breach:
    return Breach(violation.location, violation.keyword, violation.missing, violation.property)


def applies(rule: PlanRule, call: Mapping[str, Any]) -> bool:
    kind = call.get("type")
    if not isinstance(kind, str) or not kind.isascii() or kind.upper() != rule.type:
        return False
    return rule.key is None or call.get("event") == rule.key


def parsed(line: str | bytes) -> Any:
    """Any JSON text, the last of equal keys counting, as RFC 8259 readers do; integers of any length."""
    return json.loads(line, parse_constant=_refuse, parse_int=lambda digits: int(digits[:50]))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


# ------------------------------------------------------------------------------------------ what the contract says


def look(call: Any, place: str) -> Any:
    for key in pointer_keys(place):
        if not isinstance(call, dict) or key not in call:
            return ABSENT
        call = call[key]
    return call


@cache
def fit(types: tuple[JsonType, ...], items: tuple[JsonType, ...] | None) -> Validator:
    return oracle({"type": list(types)} | ({} if items is None else {"items": {"type": list(items)}}))


def state(event: Event, match: CallMatch, prop: Property, call: Any) -> State:
    """How a call carries a property, word for word as the contract has it."""
    values = [look(call, place) for place in event.places(match, prop.name)]
    held = [value for value in values if value is not ABSENT]
    if any(fit(prop.types, prop.items).is_valid(value) for value in held):
        return State.PRESENT
    if len(values) > 1:
        held = [value for value in held if value is not None]
    return State.INVALID if held else State.MISSING


def matches(use_case: UseCase, call: Mapping[str, Any]) -> Iterator[tuple[EventUse, CallMatch]]:
    kind, name = call.get("type"), call.get("event")
    for use in use_case.events:
        for match in use.event.calls:
            is_type = isinstance(kind, str) and kind.isascii() and kind.lower() == match.type
            if is_type and (match.type != "track" or name == use.event.name):
                yield use, match


# ---------------------------------------------------------------------------------------------- what the engine says


class Reader:
    """Runs single lines through an engine, by every way there is into it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.decoder = Decoder(program.wanted, Limits())
        self.engine = Engine(program, Limits())
        self.engine.begin(0)

    def shape(self) -> Shape:
        """The shape of the one call read since the last time."""
        profile = self.engine.finish()
        ((shape, sighting),) = profile.shapes.items()
        assert sighting.count == 1
        assert len(sighting.places) == 1
        assert profile.types == {shape.type: 1}
        for table in (profile.shapes, profile.types, profile.lines, profile.names, profile.faults):
            table.clear()
        return shape

    def block(self, line: bytes) -> Shape:
        """As a line of a file."""
        assert self.engine.lines(Block(0, line + b"\n")) == 1
        return self.shape()

    def element(self, line: bytes) -> Shape:
        """As an element of an array."""
        assert self.engine.elements([Element(0, 1, 0, line)]) == 1
        return self.shape()


def judgements(program: Program, shape: Shape, rules: Iterable[PlanRule]) -> list[tuple[PlanRule, Judgement]]:
    """What the engine says for each rule; it must judge by these and by no others."""
    judged = dict(program.judgements(shape))
    lowered = [(rule, lower(rule)) for rule in rules]
    assert set(judged) == {low for _, low in lowered}
    return [(rule, judged[low]) for rule, low in lowered]


def check_call(reader: Reader, line: bytes) -> Shape:
    """Fails if the engine and `jsonschema` disagree about a call under any rule of the program's plans."""
    call, shape = parsed(line), reader.block(line)
    rules = [rule for plan in reader.program.plans for rule in plan.rules if applies(rule, call)]
    worst = []
    for rule, judgement in judgements(reader.program, shape, rules):
        want = breaches(rule, call)
        assert Counter(map(as_breach, judgement.violations)) == Counter(want.keys()), (rule.schema, line)
        for violation in judgement.violations:
            missing = violation.property is not None and judgement.states[violation.property] is State.MISSING
            assert violation.severity == (Severity.WARNING if missing else want[as_breach(violation)]), violation
            assert (violation.code == "UC102") == missing, violation
            worst.append(violation.severity)
    assert reader.program.judge(shape).invalid == (Severity.ERROR in worst)
    return shape


# ------------------------------------------------------------------------------------------------------ definitions

NAMES = (
    "tax",
    "Tax",
    "a",
    "a/b",
    "a~b",
    "~1",
    "a b",
    "a:items",
    "0",
    "*",
    "$ref",
    "type",
    "properties",
    "é",
    "日本",
    "😀",
)
QUOTED = ('"', 'say "x"', "\\", "'", "a\\u0061", "{}", "\u2028")
FIELDS = (
    "name",
    "category",
    "title",
    "context",
    "field_0",
    "a",
    "a/b",
    "a~b",
    "é",
    "😀",
    "Event",
    "messageId",
)
EVENTS = ("Order Completed", "order completed", "Ünïcode 😀", 'Say "x"', "a/b~c", "page", "3", "None", "")

ALL_NAMES = (*NAMES, *QUOTED, "")


@cache
def index(size: int) -> st.SearchStrategy[int]:
    return st.integers(0, size - 1)


def pick(draw: st.DrawFn, options: Sequence[T]) -> T:
    """One of them; the first is the simplest. Much faster than a new `sampled_from` for each list."""
    return options[draw(index(len(options)))] if len(options) > 1 else options[0]


def several(draw: st.DrawFn, options: Sequence[T], counts: Sequence[int]) -> tuple[T, ...]:
    """Different ones, as many as one of the counts or fewer."""
    return tuple(dict.fromkeys(pick(draw, options) for _ in range(pick(draw, counts))))


def new_property(draw: st.DrawFn, name: str) -> Property:
    own = several(draw, (*JSON_TYPES, "integer", "array"), (1, 1, 2, 3))
    items = several(draw, JSON_TYPES, (1, 2)) if "array" in own and pick(draw, (True, False)) else None
    return Property(name, own, items, "What it means.", pick(draw, (None, "ecommerce")))


def new_places(draw: st.DrawFn, known: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Places of some of the properties; one place may serve several of them."""
    places = [*map(pointer, FIELDS), *(pointer("properties", name) for name in (*known, *NAMES) if name)]
    moved = several(draw, known, (0, 1, 2, 3)) if known else ()
    return {name: several(draw, places, (1, 2, 3)) for name in moved}


def new_event(draw: st.DrawFn, name: str) -> Event:
    properties = tuple(new_property(draw, prop) for prop in several(draw, ALL_NAMES, (1, 0, 2, 3, 4, 5)))
    known = [prop.name for prop in properties]
    kinds = pick(draw, (("track",), ("page",), ("track",), ("screen", "page"), ("track", "page", "screen")))
    return Event(name, "What it means.", tuple(CallMatch(kind, new_places(draw, known)) for kind in kinds), properties)


def new_use_cases(draw: st.DrawFn) -> Iterator[UseCase]:
    """One or two use cases over the same events: equal rules are judged once, others apply side by side."""
    events = [new_event(draw, name) for name in several(draw, EVENTS, (1, 2, 3))]
    for number in range(pick(draw, (1, 1, 2))):
        uses = []
        for event in events:
            wanted = tuple(prop.name for prop in event.properties if pick(draw, (True, True, False)))
            uses.append(EventUse(event, wanted))
        yield UseCase("goal", f"case-{number}", "Case", "What it does.", tuple(uses), (), ())


# ------------------------------------------------------------------------------------------------------------- calls

Members = list[tuple[str, str]]  # key and JSON text; keys may come twice

FITTING: dict[str, tuple[str, ...]] = {
    "null": ("null",),
    "boolean": ("true", "false"),
    "integer": ("0", "-7", "3.0", "1E2", "1e300", "-0.0", "123456789012345678901234567890", "1" + "0" * 4500),
    "number": ("0.5", "3", "3.5", "-1e-7", "1e300", "1e400", "-0", "9007199254740993"),
    "string": ('""', '"x"', '"3"', '"null"', '"\\ud83d\\ude00"', '"\\ud800"', '"é\\n\\"{}[],"'),
    "array": ("[]", "[1]", '["a"]', "[{}]", "[null]"),
    "object": ("{}", '{"a":1}', '{"tax":{"tax":[3.5]}}', '{"a":1,"a":"\\ud800"}'),
}
ODD = (
    "[1,2.0]",
    "[1,2.5]",
    "[1e400]",
    '["a",1]',
    "[{},[]]",
    "[[[{}]]]",
    "[true,1]",
    "[3.0,null]",
    "18446744073709551616",
    "[" * 9 + "]" * 9,
)
LITERALS = (*(text for texts in FITTING.values() for text in texts), *ODD, *("null",) * 5)
CALL_TYPE_TEXTS = (
    None,
    "null",
    "[3.5]",
    '{"type":"page"}',
    '"track"',
    '"Track"',
    '"PAGE"',
    '"page"',
    '"Screen"',
    '"identify"',
    '"trac\u212a"',
    '"page\\n"',
    '""',
)
OTHER_EVENTS = ("ORDER COMPLETED", "Order Complete", " ", "\0", "\ud800")
EVENT_TEXTS = (None, "null", "3", "{}", *(json.dumps(name) for name in (*EVENTS, *OTHER_EVENTS)))
PAYLOADS = (None, None, None, "null", "[]", "[{}]", '"x"', "3", "3.5", "true", "{}", '{"":1}', '[["properties"]]')


def quoted(key: str, style: int) -> str:
    if style < 2:
        return json.dumps(key, ensure_ascii=style == 0)
    units = key.encode("utf-16-be")
    return '"' + "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2)) + '"'


def text(members: Members, style: int) -> str:
    colon, comma = (" : ", " ,\t") if style == 2 else (":", ",")
    return "{" + comma.join(quoted(key, style) + colon + value for key, value in members) + "}"


def fitting(draw: st.DrawFn, prop: Property) -> str:
    kind = pick(draw, prop.types)
    if kind != "array" or prop.items is None:
        return pick(draw, FITTING[kind])
    return f"[{','.join(pick(draw, FITTING[pick(draw, prop.items)]) for _ in range(pick(draw, (0, 1, 2))))}]"


def put(members: Members, key: str, value: str | None) -> None:
    """The key with that value and no other, or (None) not at all."""
    members[:] = [member for member in members if member[0] != key]
    if value is not None:
        members.append((key, value))


class Draft:
    """A call in the making."""

    def __init__(self, kind: str, event: str) -> None:
        self.fields: Members = [("type", json.dumps(kind)), ("event", json.dumps(event)), ("messageId", '"m-1"')]
        self.payload: Members | str | None = []

    def put(self, place: str, value: str | None) -> None:
        keys = pointer_keys(place)
        if len(keys) == 1:
            put(self.fields, keys[0], value)
        elif isinstance(self.payload, list):
            put(self.payload, keys[1], value)

    def line(self, style: int) -> bytes:
        members = list(self.fields)
        if self.payload is not None:
            payload = text(self.payload, style) if isinstance(self.payload, list) else self.payload
            members.insert(style, ("properties", payload))
        return text(members, style).encode()


CHANGES = (
    "drop",
    "value",
    "value",
    "value",
    "elements",
    "elements",
    "payload",
    "rename",
    "type",
    "event",
    "extra",
    "twice",
    "wild",
)


def change(draw: st.DrawFn, draft: Draft, event: Event, match: CallMatch) -> None:
    kind = pick(draw, CHANGES)
    places = [place for prop in event.properties for place in event.places(match, prop.name)] or ["/properties/tax"]
    payload = draft.payload if isinstance(draft.payload, list) else []
    if kind == "drop":
        draft.put(pick(draw, places), None)
    elif kind == "value":
        draft.put(pick(draw, places), pick(draw, LITERALS))
    elif kind == "elements":
        texts = (*FITTING["integer"], *FITTING["number"], *LITERALS)
        draft.put(pick(draw, places), f"[{','.join(pick(draw, texts) for _ in range(pick(draw, (1, 2))))}]")
    elif kind == "payload":
        draft.payload = pick(draw, PAYLOADS)
    elif kind == "rename":
        payload[:] = [(key.swapcase() + " ", value) for key, value in payload]
    elif kind == "type":
        put(draft.fields, "type", pick(draw, CALL_TYPE_TEXTS))
    elif kind == "event":
        put(draft.fields, "event", pick(draw, EVENT_TEXTS))
    elif kind == "extra":
        payload.append((pick(draw, ALL_NAMES), pick(draw, LITERALS)))
    elif kind == "twice":
        members = payload or draft.fields
        members.insert(0, (pick(draw, members)[0], pick(draw, LITERALS)))
    else:
        fields = (*FIELDS, "event", "type")
        draft.fields += [(pick(draw, fields), pick(draw, LITERALS)) for _ in range(pick(draw, (0, 1, 2)))]
        draft.payload = [(pick(draw, ALL_NAMES), pick(draw, LITERALS)) for _ in range(pick(draw, (0, 1, 2, 4)))]


@st.composite
def lines(draw: st.DrawFn, events: Sequence[Event]) -> bytes:
    """A call that fits, with nothing changed or a little or everything."""
    event = pick(draw, events)
    match = pick(draw, event.calls)
    draft = Draft(match.type, event.name)
    for prop in event.properties:
        draft.put(pick(draw, event.places(match, prop.name)), fitting(draw, prop))
    for _ in range(pick(draw, (0, 1, 1, 1, 1, 2, 3))):
        change(draw, draft, event, match)
    return draft.line(pick(draw, (0, 1, 2)))


@st.composite
def streams(draw: st.DrawFn) -> tuple[tuple[UseCase, ...], list[bytes]]:
    use_cases = tuple(new_use_cases(draw))
    events = [use.event for use in use_cases[0].events]
    return use_cases, draw(st.lists(lines(events), min_size=8, max_size=16))


thorough = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
Stream = tuple[tuple[UseCase, ...], list[bytes]]


# ------------------------------------------------------------------------------------------------------------- tests


@given(streams())
@settings(thorough, max_examples=220)
def test_engine_finds_what_jsonschema_finds(stream: Stream) -> None:
    use_cases, written = stream
    reader = Reader(Program(map(compile_use_case, use_cases)))
    for line in written:
        check_ways(reader, line, check_call(reader, line))


def check_ways(reader: Reader, line: bytes, shape: Shape) -> None:
    """Fails if one of the ways into the engine sees the call differently."""
    assert reader.element(line) == shape
    assert reader.block(b" " + line + b"\r") == shape
    assert reader.element(b'{"batch":[' + line + b"]}") == shape
    # The same call, such that only the exact path can read it: its `batch` is a list until it is null.
    exact = b'{"batch":[],' + line[1:-1] + b',"batch":null}'
    assert reader.element(exact) == shape
    decoder = reader.decoder
    with pytest.raises(REFUSED):
        decoder.decode(exact)
    try:
        decoder.decode(line)
    except REFUSED:
        assert decoder.block(line + b"\n") is None
    else:
        assert decoder.block(line + b"\n") is not None, "the fast path refuses what it could read"


@given(streams())
@settings(thorough, max_examples=130)
def test_report_adds_up(stream: Stream) -> None:
    use_cases, written = stream
    program = Program(map(compile_use_case, use_cases))
    profile = profile_of(program, written)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "CAPACITY", 3)  # soon only what plans look at is looked at
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
        shape = check_call(reader, line.encode())
        assert shape.event is None
        check_ways(reader, line.encode(), shape)


@pytest.mark.parametrize("capacity", [cells.CAPACITY, 1])
def test_empty_name_is_a_name_like_others(capacity: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "CAPACITY", capacity)
    reader = Reader(Program([compile_use_case(one_event({}, Property("", ("integer",), None, "It.", None)))]))
    for payload in ("null", '""', "[]", "{}", '{"":1}', '{"":1.5}', '{"":null}', '{"":{"":1}}'):
        for line in ('{"type":"page"}', f'{{"type":"page","properties":{payload}}}'):
            check_ways(reader, line.encode(), check_call(reader, line.encode()))


def test_null_in_the_only_place_is_there_and_wrong() -> None:
    """Null counts as missing only where a property may stand in several places."""
    prop = Property("category", ("string",), None, "What it means.", None)
    use_case = one_event({"category": ("/category",)}, prop)
    program = Program([compile_use_case(use_case)])
    outcome = program.judge(Reader(program).block(b'{"type":"page","category":null}'))
    assert outcome.states == {("Order Completed", "category"): State.INVALID}
    assert [violation.code for violation in outcome.violations] == ["TP202"]


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
    outcome = program.judge(check_call(reader, f'{{"type":"page"{members}}}'.encode()))
    states = {None: State.PRESENT, "UC102": State.MISSING, "TP202": State.INVALID}
    assert outcome.states == {("Order Completed", "category"): states[code]}
    about = [violation.code for violation in outcome.violations if violation.property == "category"]
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


@pytest.mark.parametrize("capacity", [1, 2, 4, 8, 16, 32])
def test_few_shapes_held_at_once_make_no_difference(capacity: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past a number of shapes only what plans look at is looked at, and counts are moved on early."""
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
    assert len(want.shapes) > 16
    monkeypatch.setattr(cells, "CAPACITY", capacity)
    assert profile_of(program, written) == want


def profile_of(program: Program, written: Sequence[bytes]) -> Profile:
    engine = Engine(program, Limits())
    engine.begin(0)
    byte = 0
    for few in (written[i : i + 3] for i in range(0, len(written), 3)):  # more would rarely be read the fast way
        data = b"".join(line + b"\n" for line in few)
        assert engine.lines(Block(byte, data)) == len(few)
        byte += len(data)
    return engine.finish()


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
