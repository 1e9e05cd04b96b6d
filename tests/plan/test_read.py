"""Reading tracking plans of all formats: what each means, where it stands, and what is no plan."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.support.command import ROOT
from tests.support.counted import tally_of
from validator import PlanError, Program, read_plan
from validator.model import pointer
from validator.plan.formats import FORMATS, format_named
from validator.plan.property_schemas import canonical
from validator.plan.read import read_texts
from validator.service.convert import convert
from validator.syntax.json_document import JsonDocument
from validator.syntax.plan_file import PlanFile
from validator.syntax.yaml_document import parse_yaml
from validator.workers.sequential import read_inputs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from validator.plan import LoadedPlan

CASES = yaml.safe_load((ROOT / "tests" / "plan" / "cases" / "read.yaml").read_text("utf-8"))
REAL = ROOT.parent / "shared" / "real" / "plans"

# What lies among the real plans and is none, by what its path begins with, and the message about it; all else is read.
NO_PLANS = {
    "buffer-tracking-plan-kit-yaml": "not read|uclint does not read|not a tracking plan that uclint reads",
    "opentrackplan-yaml": "OpenTrackPlan",
    "typewriter-yml": "Typewriter's configuration",
    "rudderstack-yaml/rudderlabs+rudder-iac/cli/tests/testdata/project": "second tracking plan",
}


def real_files() -> list[Any]:
    found = sorted(path for path in REAL.rglob("*") if path.is_file() and path.name != "INDEX.tsv")
    return [pytest.param(path, id=path.relative_to(REAL).as_posix()) for path in found]


def load(content: str | dict[str, str], folder: Path) -> LoadedPlan:
    if isinstance(content, str):
        path = folder / "plan.txt"
        path.write_bytes(content.encode())
        return read_plan(path)
    for name, text in content.items():
        (folder / name).write_bytes(text.encode())
    return read_plan(folder)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_plan_is_read_as_what_it_means(case: dict[str, Any], tmp_path: Path) -> None:
    loaded = load(case["plan"], tmp_path)
    assert loaded.format == case["format"]
    assert [[r.type, r.key, r.version, r.schema] for r in loaded.plan.rules] == case["rules"]
    assert [f"{d.line}:{d.column} {d.code}" for d in loaded.diagnostics] == case.get("notes", [])


def test_every_format_has_a_case() -> None:
    assert {case["format"] for case in CASES} == set(FORMATS)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real plans are not beside this checkout")
@pytest.mark.parametrize("path", real_files())
def test_real_plans_are_read_or_refused_by_name(path: Path) -> None:
    name = path.relative_to(REAL).as_posix()
    refused = next((says for start, says in NO_PLANS.items() if name.startswith(start)), None)
    if refused and not path.name.startswith("trackingplan"):
        with pytest.raises(PlanError, match=refused):
            read_plan(path)
        return
    loaded = read_plan(path)
    assert all(rule.type in ("TRACK", "PAGE", "SCREEN", "IDENTIFY", "GROUP", "COMMON") for rule in loaded.plan.rules)
    back = read_texts("", format_named("uclint").write(loaded.plan).files).plan
    assert [canonical(rule.schema) for rule in back.rules] == [canonical(rule.schema) for rule in loaded.plan.rules]
    for index, rule in enumerate(loaded.plan.rules):
        assert loaded.spots.of_rule(index).line > 0
        assert all(loaded.spots.at(index, place)[0] > 0 for place in pointers(rule.schema))


def pointers(value: Any, place: str = "") -> Iterator[str]:
    yield place
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from pointers(inner, place + pointer(str(key)))


def spread(value: Any, rng: random.Random, line: int = 1, column: int = 1) -> Iterator[tuple[str, tuple[int, int]]]:
    """JSON text of a value in pieces, with white space where it may be, each piece with the place it starts at."""

    def piece(text: str) -> tuple[str, tuple[int, int]]:
        nonlocal line, column
        start = (line, column)
        line += text.count("\n")
        column = len(text) - text.rfind("\n") if "\n" in text else column + len(text)
        return text, start

    def space() -> tuple[str, tuple[int, int]]:
        return piece("".join(rng.choices([" ", "\n", "\t", "\r\n"], k=rng.randrange(3))))

    def walk(inner: Any) -> Iterator[tuple[str, tuple[int, int]]]:
        if not isinstance(inner, dict | list):
            yield piece(json.dumps(inner, ensure_ascii=rng.random() < 0.5))
            return
        yield piece("{" if isinstance(inner, dict) else "[")
        for index, key in enumerate(inner):
            if index:
                yield piece(",")
            yield space()
            if isinstance(inner, dict):
                yield piece(json.dumps(key))
                yield space()
                yield piece(":")
                yield space()
            yield from walk(inner[key] if isinstance(inner, dict) else key)
            yield space()
        yield piece("}" if isinstance(inner, dict) else "]")

    yield space()
    yield from walk(value)


def test_the_places_of_json_are_where_its_values_are_written() -> None:
    rng = random.Random(7)
    value = {"a": [1, {"b": 'x{,"}]', "é~/": []}], "": {"c": None, "a": [[], [[2.5]]]}, "\n": True}
    ways = [(), ("a",), ("a", 0), ("a", 1, "b"), ("a", 1, "é~/"), ("", "a", 1, 0, 0), ("\n",), ("", "c")]
    written = ["{", '"a"', "1", '"b"', json.dumps("é~/"), "2.5", '"\\n"', '"c"']
    for _ in range(50):
        pieces = list(spread(value, rng))
        document = JsonDocument("x", "".join(text for text, _ in pieces), value)
        for way, text in zip(ways, written, strict=True):
            assert document.mark(way) in [at for piece, at in pieces if piece == text], way
        assert document.mark(("a", 1, "gone", "b")) == document.mark(("a", 1))
        assert document.mark(("a", 9)) == document.mark(("a",))


def test_places_of_yaml_lead_through_aliases_and_merges(tmp_path: Path) -> None:
    text = "a: &x\n  b: 1\nc:\n  <<: *x\n  d: [1, *x]\n"
    document = parse_yaml(text, PlanFile(tmp_path / "x.yaml"))
    assert document is not None
    assert document.value == {"a": {"b": 1}, "c": {"b": 1, "d": [1, {"b": 1}]}}
    assert [document.mark(way) for way in [("a", "b"), ("c", "b"), ("c", "d", 0), ("c", "z")]] == [
        (2, 3),
        (2, 3),
        (5, 7),
        (3, 1),
    ]


def test_places_of_what_was_wrapped_are_those_in_the_file(tmp_path: Path) -> None:
    rule = {"type": "TRACK", "key": "A", "jsonSchema": {"required": ["id"], "properties": {"id": {"type": "string"}}}}
    loaded = load(json.dumps({"rules": [rule]}, indent=1), tmp_path)
    lines = (tmp_path / "plan.txt").read_text("utf-8").splitlines()

    def line(place: str) -> str:
        return lines[loaded.spots.at(0, place)[0] - 1].strip()

    assert line("/properties/properties/properties/id/type") == '"type": "string"'
    assert line("/properties/properties/required/0") == '"id"'
    assert line("/properties/properties/properties/gone") == '"properties": {'
    assert line("/required") == '"required": ['
    assert loaded.spots.of_rule(0)[1:] == (3, 3)
    assert loaded.spots.at(7, "") == (0, 0)


def test_places_of_what_was_put_together_are_in_their_own_files(tmp_path: Path) -> None:
    case = next(case for case in CASES if case["name"] == "RudderStack's YAML in its present form")
    spots = load(case["plan"], tmp_path).spots
    found = spots.spot(0, "/properties/properties/properties/order_id/minLength")
    assert (found.path, found.line) == (str(tmp_path / "parts.yaml"), 6)
    assert spots.spot(0, "/properties/properties/required").path == str(tmp_path / "tracking-plan.yaml")


def test_a_named_file_takes_its_parts_from_its_folder(tmp_path: Path) -> None:
    case = next(case for case in CASES if case["name"] == "our own YAML with a library")
    whole = load(case["plan"], tmp_path)
    (tmp_path / "deploy.yaml").write_text("{{ not: yaml }}", "utf-8")
    named = read_plan(tmp_path / "plan.yaml")
    assert named.plan == whole.plan
    (tmp_path / "second.yaml").write_text("uclint: 1\nplan: Other\nevents: []\n", "utf-8")
    assert read_plan(tmp_path / "plan.yaml").plan == whole.plan
    (tmp_path / "deploy.yaml").unlink()
    with pytest.raises(PlanError, match="second plan"):
        read_plan(tmp_path)


def test_schemas_of_a_folder_may_refer_to_each_other(tmp_path: Path) -> None:
    total = {"$ref": "money.json#/definitions/m"}
    files: dict[str, dict[str, Any]] = {
        "paid.json": {"title": "Paid", "type": "object", "properties": {"total": total}},
        "money.json": {"definitions": {"m": {"$ref": "unit.json"}}, "type": "object"},
        "unit.json": {"$id": "https://shop.example/unit", "type": "number"},
        "named.json": {"title": "Named", "type": "object", "properties": {"n": {"$ref": "https://shop.example/unit"}}},
    }
    files["unit.json"]["$schema"] = files["money.json"]["$schema"] = "http://json-schema.org/draft-07/schema#"
    loaded = load({name: json.dumps(schema) for name, schema in files.items()}, tmp_path)
    assert [rule.key for rule in loaded.plan.rules] == ["Named", "Paid"]
    assert loaded.plan.documents == {
        "money.json": files["money.json"],
        "unit.json": files["unit.json"],
        "https://shop.example/unit": files["unit.json"],
    }
    calls = b"".join(b'{"type":"track","event":"Paid","properties":{"total":%s}}\n' % n for n in (b"1", b'"x"'))
    (tmp_path / "calls.ndjson").write_bytes(calls)
    program = Program([loaded.plan])
    found = tally_of(program, read_inputs([str(tmp_path / "calls.ndjson")], program))
    assert [(violation.code, seen.count) for violation, seen in found.violations.items()] == [("TP202", 1)]
    written = convert(loaded.plan, "json-schema")
    assert not written.touched
    assert read_texts("", written.files).plan.documents == loaded.plan.documents
    assert convert(loaded.plan, "segment").touched == {"Paid", "Named"}
    (tmp_path / "money.json").write_text(json.dumps({**files["money.json"], "not": {"$ref": "gone.json"}}), "utf-8")
    with pytest.raises(PlanError, match=r"money.json:1:\d+: PL613 the `.ref` `gone.json` points out of the plan"):
        read_plan(tmp_path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"trackingPlans": [], "client": {}}', "Typewriter's configuration"),
        ('{"type": "track", "event": "A", "messageId": "m"}', "this is a call"),
        ("event: A\nabout: x\nproperties: {}\n", "defines an event for use cases"),
        ("goal: x\nname: y\nuse_cases: []\n", "defines use cases"),
        ("just text", "not a tracking plan"),
        ("a,b\n1,2\n", "not a tracking plan"),
        ("[1, 2]", "not a tracking plan"),
    ],
)
def test_what_is_no_plan_is_named(content: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(PlanError) as caught:
        load(content, tmp_path)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "PL610"
    assert says in diagnostic.message
    assert diagnostic.help


def test_a_folder_of_several_kinds_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"name": "x", "rules": []}', "utf-8")
    (tmp_path / "b.yaml").write_text("uclint: 1\nplan: x\nevents: []\n", "utf-8")
    with pytest.raises(PlanError, match="plans of several formats"):
        read_plan(tmp_path)
    (tmp_path / "b.yaml").unlink()
    assert read_plan(tmp_path).format == "segment"


def test_a_plan_of_hundreds_of_events_keeps_them_all(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"properties": {"type": "object", "properties": {"a": {}}}}}
    rules = [{"type": "TRACK", "key": f"Event {i}", "version": 1, "jsonSchema": schema} for i in range(500)]
    loaded = load(json.dumps({"name": "x", "rules": rules}), tmp_path)
    assert [rule.key for rule in loaded.plan.rules] == [rule["key"] for rule in rules]
    assert len({loaded.spots.at(i, "/properties") for i in range(500)}) == 500


WRONG: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    "#event:x",
    "any",
    [],
    [None],
    [[]],
    {},
    {"": {}},
    {"a": 7},
    "a.b[]",
    "..",
)


def spoiled(value: Any, rng: random.Random) -> Any:
    """The value with something in it replaced, left out or doubled."""
    if not isinstance(value, dict | list) or not value or rng.random() < 0.15:
        return rng.choice(WRONG)
    if isinstance(value, list):
        index = rng.randrange(len(value))
        kept = [*value[:index], spoiled(value[index], rng), *value[index + 1 :]]
        return [*kept, kept[index]] if rng.random() < 0.1 else kept
    key = rng.choice(list(value))
    if rng.random() < 0.1:
        return {k: v for k, v in value.items() if k != key}
    if rng.random() < 0.1:
        return {rng.choice(["", "x", "$ref", "properties", "type"]) if k == key else k: v for k, v in value.items()}
    return {k: spoiled(v, rng) if k == key else v for k, v in value.items()}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_whatever_is_wrong_in_a_plan_is_reported(case: dict[str, Any]) -> None:
    rng = random.Random(case["name"])
    texts = {"plan": case["plan"]} if isinstance(case["plan"], str) else case["plan"]
    values = {name: yaml.safe_load(text) for name, text in texts.items()}
    if case["format"] == "protocols-csv":
        values = {"plan": [line.split(",") for line in case["plan"].splitlines()]}
    for _ in range(150):
        files = dict(values)
        name = rng.choice(list(files))
        files[name] = spoiled(spoiled(files[name], rng), rng)
        if case["format"] == "protocols-csv":
            spoilt = files["plan"] if isinstance(files["plan"], list) else [files["plan"]]
            rows = [row if isinstance(row, list) else [row] for row in spoilt]
            written = {"plan": "\n".join(",".join(map(str, row)) for row in rows)}
        else:
            written = {name: json.dumps(value) for name, value in files.items()}
        try:
            loaded = read_texts("", written)
        except PlanError:
            continue
        for index, rule in enumerate(loaded.plan.rules):
            assert isinstance(rule.schema, dict)
            assert isinstance(loaded.spots.at(index, "/properties/properties"), tuple)
        for form in FORMATS:
            format_named(form).write(loaded.plan)
