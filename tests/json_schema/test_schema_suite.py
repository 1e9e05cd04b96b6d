"""The official JSON Schema Test Suite: every required test of drafts 4 to 2020-12, through plans and the engine."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.counted import tally_of
from validator import Limits, PlanRule, Program, TrackingPlan
from validator.engine.engine import Engine
from validator.input.documents import Element
from validator.json_schema import DIALECTS
from validator.json_schema.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SUITE = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "json-schema-test-suite"
DRAFTS = {
    "draft4": "http://json-schema.org/draft-04/schema",
    "draft6": "http://json-schema.org/draft-06/schema",
    "draft7": "http://json-schema.org/draft-07/schema",
    "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
    "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
}
HOME = "http://localhost:1234/"
OWN = "http://example.org/the-case.json"

# How many required tests each draft has; fewer would mean that some were not run.
AT_LEAST = {"draft4": 600, "draft6": 800, "draft7": 900, "draft2019-09": 1200, "draft2020-12": 1250}

pytestmark = [
    pytest.mark.no_cover,
    pytest.mark.skipif(not SUITE.is_dir(), reason="the suite is not beside the project (../shared)"),
]


@cache
def remotes(draft: str) -> Mapping[str, Any]:
    """The documents that the suite hands in, but for those of other drafts."""
    folder = SUITE / "remotes"
    others = {*DRAFTS, "draft3", "draft-next", "v1"} - {draft}
    found = {path.relative_to(folder): path for path in folder.rglob("*.json")}
    mine = {name: path for name, path in found.items() if name.parts[0] not in others}
    return {HOME + name.as_posix(): json.loads(path.read_text()) for name, path in mine.items()}


def groups(draft: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((SUITE / "tests" / draft).glob("*.json")):
        for group in json.loads(path.read_text()):
            yield f"{path.name}: {group['description']}", group


def program(draft: str, schema: Any) -> Program:
    """A plan that wants the property `value` to fit a schema.

    One with references or a name of its own stays a document of its own, and is referred to.
    """
    text = json.dumps(schema)
    apart = any(f'"{keyword}"' in text for keyword in ("$ref", "$dynamicRef", "$recursiveRef", "id", "$id", "$schema"))
    value = {"$ref": (schema.get("$id") or schema.get("id") or OWN) if isinstance(schema, dict) else OWN}
    documents = {**remotes(draft), value["$ref"].rstrip("#"): schema} if apart else {}
    message = {
        "$schema": schema.get("$schema", DRAFTS[draft]) if isinstance(schema, dict) else DRAFTS[draft],
        "properties": {"properties": {"properties": {"value": value if apart else schema}}},
    }
    plan = TrackingPlan("suite", "Suite", (PlanRule("TRACK", "Event", message),), documents=documents)
    return Program([plan], formats=False)


def is_valid(judge: Program, value: Any) -> bool:
    """Whether the engine finds nothing wrong with a call that carries the value."""
    engine = Engine(judge, Limits())
    engine.begin(0)
    line = json.dumps({"type": "track", "event": "Event", "properties": {"value": value}}).encode()
    engine.elements([Element(0, 1, 0, line)])
    found = tally_of(judge, engine.finish())
    assert found.calls == 1
    return not found.violations


@pytest.mark.parametrize("draft", DRAFTS)
def test_every_required_test(draft: str, record_property: Any) -> None:
    run, wrong = 0, []
    for name, group in groups(draft):
        judge = program(draft, group["schema"])
        for test in group["tests"]:
            run += 1
            if is_valid(judge, test["data"]) is not test["valid"]:
                wrong.append(f"{name}: {test['description']}")
    assert not wrong
    assert run >= AT_LEAST[draft]
    record_property("tests", run)


def test_drafts_are_those_that_the_engine_knows() -> None:
    assert set(DRAFTS.values()) == set(DIALECTS)


# The suite asks more of these than is worth it: leap seconds, the syntax of local parts, punycode, addresses in URLs.
_LENIENT = {"email", "idn-email", "hostname", "uri", "uri-reference", "date-time", "time"}


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_formats(name: str) -> None:
    """What the suite calls valid is; what it calls invalid is not, but for formats that are checked roughly."""
    path = SUITE / "tests" / "draft2020-12" / "optional" / "format" / f"{name}.json"
    tests = [test for group in json.loads(path.read_text()) for test in group["tests"]]
    texts = [(test["data"], test["valid"]) for test in tests if isinstance(test["data"], str)]
    assert len(texts) > 1
    refused = [text for text, valid in texts if valid and not FORMATS[name](text)]
    accepted = [text for text, valid in texts if not valid and FORMATS[name](text)]
    assert not [text for text in refused if ":60" not in text]
    assert name in _LENIENT or not accepted
    assert len(accepted) < len(texts)
