"""Plan files: their schema, and the messages about wrong ones."""

from __future__ import annotations

import copy
import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from tests.catalog.test_catalog import PLAN_FILES, PLANS, ROOT
from validator.catalog import DESTINATION_TYPES, SOURCE_TYPES, Catalog
from validator.config import data_directory
from validator.errors import PlanError, UsageError
from validator.model import CALL_TYPES, JSON_TYPES, Diagnostic
from validator.syntax import yaml_tree

if TYPE_CHECKING:
    from collections.abc import Mapping


SCHEMA = json.loads((data_directory("schemas") / "plan.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
EVENTS = {f"events/{path.name}": path.read_text("utf-8") for path in PLAN_FILES if path.parent.name == "events"}
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]
EVENT = "event: X\nabout: x\nproperties: {}\n"


def load(directory: Path, files: Mapping[str, str | bytes]) -> Catalog:
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Catalog.load(directory)


def diagnostics(directory: Path, files: Mapping[str, str | bytes]) -> tuple[Diagnostic, ...]:
    with pytest.raises(PlanError) as caught:
        load(directory, files)
    return caught.value.diagnostics


def only(directory: Path, content: str | bytes) -> Diagnostic:
    (diagnostic,) = diagnostics(directory, {"events/it.yaml": content})
    assert diagnostic.help
    return diagnostic


@pytest.mark.parametrize("path", PLAN_FILES, ids=lambda p: p.stem)
def test_plan_files(path: Path) -> None:
    first, text = path.read_text("utf-8").split("\n", 1)
    assert first == "# yaml-language-server: $schema=../../schemas/plan.schema.json"
    assert (path.parent / first.partition("$schema=")[2]).resolve() == ROOT / "schemas" / "plan.schema.json"
    document = yaml.safe_load(text)
    VALIDATOR.validate(document)
    name = document.get("goal") or re.sub(r"[^a-z0-9]+", "-", document["event"].lower())
    assert path.stem == name


# The schema


def test_schema_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    definitions = SCHEMA["definitions"]
    assert definitions["jsonType"]["enum"] == list(JSON_TYPES)
    assert definitions["call"]["properties"]["type"]["enum"] == list(CALL_TYPES)
    use_case = definitions["useCase"]["properties"]
    assert use_case["sources"]["items"]["enum"] == list(SOURCE_TYPES)
    assert use_case["destinations"]["items"]["enum"] == list(DESTINATION_TYPES)


def test_schema_explains_every_key() -> None:
    for name, definition in SCHEMA["definitions"].items():
        assert definition["description"], name
        for key, value in definition.get("properties", {}).items():
            assert value["description"], f"{name}.{key}"
        if "properties" in definition:
            assert definition["additionalProperties"] is False or isinstance(definition["additionalProperties"], dict)


def test_schema_errors_are_about_the_kind_of_file() -> None:
    errors = [e.message for e in VALIDATOR.iter_errors({"goal": "g", "nam": "G"})]
    assert any("'nam' was unexpected" in message for message in errors)
    assert not any("event" in message for message in errors)


# Reading


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def _either_loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML is built without libyaml here")
    monkeypatch.setattr(yaml_tree, "_LOADER", getattr(yaml, request.param))


def files_of(case: dict[str, Any]) -> dict[str, str]:
    """The files a case writes, the one it is about first."""
    if "event" in case:
        return {"events/it.yaml": case["event"]}
    return {"goals/it.yaml": case["goal"]} if "goal" in case else case["files"]


@pytest.mark.parametrize("case", CASES)
def test_bad_files(case: dict[str, Any], tmp_path: Path) -> None:
    files = files_of(case)
    context = {} if "event" in case else EVENTS
    found = diagnostics(tmp_path, {**context, **files})
    expected = [
        (str(tmp_path / e.get("at", next(iter(files)))), e["code"], e["line"], e["column"]) for e in case["expect"]
    ]
    assert [(d.path, d.code, d.line, d.column) for d in found] == expected, "\n".join(map(str, found))
    for diagnostic, expectation in zip(found, case["expect"], strict=True):
        assert expectation["says"] in f"{diagnostic.message}; {diagnostic.help}"
        assert diagnostic.help
        assert str(diagnostic).replace("\n", "").isprintable()


@pytest.mark.parametrize("case", CASES)
def test_the_schema_sees_what_it_can(case: dict[str, Any]) -> None:
    def refused(text: str) -> bool:
        try:
            return not VALIDATOR.is_valid(yaml.safe_load(text))
        except yaml.YAMLError:
            return True

    assert any(refused(text) for text in files_of(case).values()) == (case.get("schema") != "accepts")


def _mutations(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:
    """Where a document may be changed, and into what; None deletes."""
    changes: list[tuple[tuple[Any, ...], Any]] = [
        (path, new) for new in (True, 7, 1.5, "", "x y", [], {}, ["x"], {"x": "y"})
    ]
    changes.append((path, None))
    if isinstance(value, dict):
        changes.append(((*path, "extra"), "x"))
        for key, child in value.items():
            changes += _mutations(child, (*path, key))
    elif isinstance(value, list):
        if value:
            changes.append(((*path, len(value)), value[0]))
        for index, child in enumerate(value):
            changes += _mutations(child, (*path, index))
    return changes


def _changed(document: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    document = copy.deepcopy(document)
    parent = document
    for key in path[:-1]:
        parent = parent[key]
    if new is None:
        del parent[path[-1]]
    elif isinstance(parent, list) and path[-1] == len(parent):
        parent.append(new)
    else:
        parent[path[-1]] = new
    return document


def _plain_dump(document: Any) -> str:
    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, _data: Any) -> bool:
            return True

    return yaml.dump(document, Dumper=Plain, sort_keys=False, allow_unicode=True)


@pytest.mark.no_cover
@pytest.mark.parametrize("name", ["events/page-viewed", "events/order-completed", "goals/optimize-advertising"])
def test_what_the_schema_refuses_the_loader_refuses(name: str, tmp_path: Path) -> None:
    document = yaml.safe_load((PLANS / f"{name}.yaml").read_text("utf-8"))
    if name.startswith("goals"):
        load(tmp_path, EVENTS)
    for path, new in random.Random(7).sample(_mutations(document), 60):
        changed = _changed(document, path, new)
        if VALIDATOR.is_valid(changed):
            continue
        with pytest.raises(PlanError):
            load(tmp_path, {f"{name}.yaml": _plain_dump(changed)})


def test_defaults_and_choices(tmp_path: Path) -> None:
    goal = (
        "goal: g\nname: G\nabout: x\norder: 3\nconsiderations: [x]\nuse_cases:\n"
        "  - use_case: u\n    name: 'no'\n    about: >-\n      two\n      lines\n    events:\n"
        "      - {event: X, recommended: [b]}\n      - {event: Y, recommended: []}\n"
        "    sources: [Website]\n    destinations: [Analytics]\n"
    )
    event = (
        "event: X\nabout: x\nproperties:\n"
        "  a: {type: [string, 'null'], about: x, spec: none}\n"
        "  b: {type: [array, string], items: [string, integer], about: x, spec: mobile}\n"
    )
    files = {"events/x.yml": event, "events/y.yaml": EVENT.replace("X", "Y"), "goals/g.yaml": "\ufeff" + goal}
    catalog = load(tmp_path, {**files, "goals/.#g.yaml": "[", "goals/README.md": "["})
    assert catalog.events["X"].property("a").types == ("string", "null")
    assert catalog.events["X"].property("b").items == ("string", "integer")
    (use_case,) = catalog.use_cases
    assert (use_case.name, use_case.about) == ("no", "two lines")
    assert [use.recommended for use in use_case.events] == [("b",), ()]


@pytest.mark.usefixtures("_either_loader")
class TestUnreadable:
    @pytest.mark.parametrize(
        "text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "? " * 100_000], ids=lambda t: t[:3]
    )
    def test_deep_nesting(self, text: str, tmp_path: Path) -> None:
        assert (only(tmp_path, text).code, only(tmp_path, EVENT + "x: " + text).code) == ("PL606", "PL606")

    def test_too_large(self, tmp_path: Path) -> None:
        assert only(tmp_path, EVENT + "#" * (1 << 20)).code == "PL606"
        load(tmp_path, {"events/it.yaml": EVENT + "#" * ((1 << 20) - len(EVENT))})

    def test_not_utf8(self, tmp_path: Path) -> None:
        diagnostic = only(tmp_path, "event: X\nabout: ä".encode("latin-1"))
        assert (diagnostic.code, diagnostic.line, diagnostic.column) == ("PL606", 2, 8)
        assert "UTF-8" in diagnostic.help
        assert only(tmp_path, EVENT.encode("utf-16")).code == "PL606"

    @pytest.mark.parametrize("odd", ["\x00", "\x1b", "\x7f", "\ufffe"])
    def test_control_character(self, odd: str, tmp_path: Path) -> None:
        diagnostic = only(tmp_path, f"event: X\nabout: ä{odd}")
        assert (diagnostic.code, diagnostic.line, diagnostic.column) == ("PL606", 2, 9)
        assert f"U+{ord(odd):04X}" in diagnostic.message

    @pytest.mark.parametrize(
        "text",
        [
            'a: "\\UFFFFFFFF"',
            'a: "\\uD800"',
            f"%YAML 1.{'9' * 5000}\n---\na: 1",
            "%YAML 3.0\n---\na: 1",
            "a: !<\n",
            "\t",
            "@",
        ],
    )
    def test_odd_syntax(self, text: str, tmp_path: Path) -> None:
        assert diagnostics(tmp_path, {"events/it.yaml": text})

    def test_a_very_long_number(self, tmp_path: Path) -> None:
        diagnostic = only(tmp_path, EVENT.replace("about: x", "about: " + "9" * 100_000))
        assert diagnostic.code == "PL603"
        assert len(str(diagnostic)) < 1000

    def test_noise(self, tmp_path: Path) -> None:
        rng = random.Random(11)
        original = (PLANS / "events" / "page-viewed.yaml").read_text("utf-8")
        found: list[Diagnostic] = []
        for _ in range(150):
            text = list(original)
            for _ in range(rng.randint(1, 6)):
                at = rng.randrange(len(text))
                text[at : at + rng.choice((0, 1, 8))] = rng.choice((*"\n\t:-[]{}&*!|>%@#'\"\\?,~0é ", "", "<<: ", "no"))
            try:
                load(tmp_path, {"events/it.yaml": "".join(text)})
            except PlanError as error:
                found += error.diagnostics
        assert len(found) > 100
        assert all(d.help and re.fullmatch(r"PL60[1-8]", d.code) for d in found)


def test_a_directory_where_a_file_belongs(tmp_path: Path) -> None:
    (tmp_path / "events" / "x.yaml").mkdir(parents=True)
    (diagnostic,) = diagnostics(tmp_path, {})
    assert (diagnostic.code, diagnostic.line) == ("PL606", 0)


def test_a_broken_link(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "x.yaml").symlink_to(tmp_path / "nowhere")
    (diagnostic,) = diagnostics(tmp_path, {})
    assert diagnostic.code == "PL606"


def test_no_plans(tmp_path: Path) -> None:
    for directory in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UsageError, match="expected events"):
            Catalog.load(directory)


def test_diagnostics_are_sorted(tmp_path: Path) -> None:
    bad = "event: no\nabout:\n"
    found = diagnostics(tmp_path, {"goals/a.yaml": "goal: no\n", "events/b.yaml": bad, "events/a.yaml": bad})
    places = [(d.path, d.line, d.column) for d in found]
    assert places == sorted(places)
    assert len({path for path, *_ in places}) == 3
