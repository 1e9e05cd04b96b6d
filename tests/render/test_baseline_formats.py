"""The baseline in every format: what is known is shown apart and fails nothing, what is fixed is listed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from tests.support.command import SAMPLES, uclint
from tests.support.readers import Page, commands, markdown_page
from tests.support.reports import compared, finding, report
from validator.model import Severity
from validator.render import Style, renderer
from validator.report import FailOn, Report, judge_report
from validator.report.model import Comparison, KnownFinding, Status

if TYPE_CHECKING:
    from pathlib import Path


def rendered(form: str, given: Report, fail_on: FailOn = FailOn.ERROR) -> str:
    return renderer(form)(given, judge_report(given, fail_on=fail_on), Style())


def fixed(number: int) -> Report:
    """Nothing found, and so many findings fixed."""
    known = tuple(KnownFinding(code="UC102", event=f"Event {n}", property="tax", count=1, of=9) for n in range(number))
    return replace(report(()), baseline=Comparison("b.json", known))


def all_known() -> Report:
    given = compared(report([finding("TP202", "A", "b", severity=s) for s in Severity]))
    return replace(given, findings=tuple(replace(f, status=Status.KNOWN) for f in given.findings))


def of_fixed(form: str, text: str) -> list[str]:
    """The events that are fixed, as a reader of the format has them."""
    if form == "json":
        return [known["event"] for known in json.loads(text)["baseline"]["fixed"]]
    if form == "jsonl":
        return [known["event"] for known in json.loads(text.splitlines()[-1])["baseline"]["fixed"]]
    if form == "sarif":
        return [known["event"] for known in json.loads(text)["runs"][0]["properties"]["baseline"]["fixed"]]
    if form == "junit":
        named = [p.attrib for p in ElementTree.fromstring(text).iter("property")]  # noqa: S314 - we wrote it
        return [a["value"][6:-5] for a in named if a["name"] == "fixed" and a["value"].startswith("UC102 ")]
    if form == "text":
        return re.findall(r"^  UC102  (Event \d+): tax$", text, re.MULTILINE)
    page = Page(text) if form == "html" else markdown_page(text)
    return [data for path, data in page.texts if "li" in path and path[-1] == "code" and data.startswith("Event ")]


CAPS = {"json": 10**6, "jsonl": 10**6, "sarif": 500, "junit": 100, "text": 40, "html": 200, "markdown": 50}


@pytest.mark.parametrize("form", CAPS)
@pytest.mark.parametrize("number", [1, 3, 600])
def test_what_is_fixed_is_listed(form: str, number: int) -> None:
    text = rendered(form, fixed(number))
    found = of_fixed(form, text)
    assert found == [f"Event {n}" for n in range(min(number, CAPS[form]))]
    if number > CAPS[form] and form != "sarif":
        assert f"{number - CAPS[form]} more" in text
    if form == "sarif":
        assert json.loads(text)["runs"][0]["properties"]["baseline"]["fixedCount"] == number


@pytest.mark.parametrize("form", ["text", "github", "markdown", "html", "junit", "gitlab", "sarif"])
@pytest.mark.parametrize("fail_on", FailOn)
def test_what_is_known_alarms_nobody(form: str, fail_on: FailOn) -> None:
    text = rendered(form, all_known(), fail_on)
    if form == "junit":
        (suites,) = ElementTree.fromstring(text).iter("testsuites")  # noqa: S314 - we wrote it
        assert (suites.attrib["failures"], suites.attrib["errors"]) == ("0", "0")
        assert len(re.findall(r"(?:error|warning) TP202 known: ", text)) == 2
    elif form == "github":
        assert [kind for kind, _, _ in commands(text)] == ["notice"]
    elif form == "gitlab":
        assert [entry["severity"] for entry in json.loads(text)] == ["info", "info"]
    elif form == "sarif":
        assert [r["baselineState"] for r in json.loads(text)["runs"][0]["results"]] == ["unchanged", "unchanged"]
    elif form == "markdown":
        assert re.findall(r"<summary><b>(.*?)</b>", text)[0] == "2 known findings"
        assert "error</b>" not in text
    elif form == "html":
        assert '<dd class="number ">1</dd><dd class="note">0 new or grown, 1 known</dd>' in text
        assert " selected" not in text
    else:
        assert "Known: 2 findings" in text
    assert "PASS" in text or form in ("junit", "gitlab", "sarif")


def test_no_status_without_a_baseline() -> None:
    given = report([finding("TP202", "A", "b")])
    (run,) = json.loads(rendered("sarif", given))["runs"]
    assert "baselineState" not in run["results"][0]
    assert "properties" not in run
    for form in ("html", "markdown", "junit", "github", "gitlab", "text"):
        text = re.sub("<(style|script)>.*?</\\1>", "", rendered(form, given), flags=re.DOTALL)
        assert not re.search(r"\b((known|new):|grown|baseline)", text, re.IGNORECASE), form


def test_fingerprints_are_the_same_with_a_baseline() -> None:
    given = report([finding("TP202", "A", "b"), finding("UC102", "A", "c")])

    def prints(of: Report) -> list[Any]:
        sarif = json.loads(rendered("sarif", of))["runs"][0]["results"]
        gitlab = json.loads(rendered("gitlab", of))
        assert [r["partialFingerprints"]["finding/v1"] for r in sarif] == [g["fingerprint"] for g in gitlab]
        return [g["fingerprint"] for g in gitlab]

    assert prints(given) == prints(compared(given))


def test_the_command_tells_them_apart_in_every_format(tmp_path: Path) -> None:
    flawed = (SAMPLES / "acquire-paid-subscriptions.flawed.ndjson").read_bytes()
    (tmp_path / "calls.ndjson").write_bytes(flawed)
    check = ["check", "calls.ndjson", "-u", "acquire-paid-subscriptions"]
    uclint(*check, "--write-baseline", "b.json", cwd=tmp_path)
    kept = [line for line in (tmp_path / "b.json").read_text().splitlines() if '"SP303"' not in line]
    gone = '    {"code": "UC102", "event": "Trial Started", "property": "gone", "count": 1, "of": 9},'
    kept.insert(kept.index('  "findings": [') + 1, gone)
    (tmp_path / "b.json").write_text("\n".join(kept))
    (tmp_path / "calls.ndjson").write_bytes(flawed + b"{\n")
    outputs = ["r.json", "r.jsonl", "r.sarif", "junit.xml", "r.md", "r.html", "gl-code-quality-report.json"]
    done = uclint(*check, "--baseline", "b.json", *(a for o in outputs for a in ("-o", o)), cwd=tmp_path)
    assert done.returncode == 1
    texts = {name: (tmp_path / name).read_text("utf-8") for name in outputs}
    found = json.loads(texts["r.json"])["findings"]
    status = {f["code"] + (f["property"] or f["event"] or ""): f["baseline"]["status"] for f in found}
    assert (status.pop("IN501"), status.pop("SP303")) == ("grown", "new")
    assert set(status.values()) == {"known"}
    states = [(r["ruleId"], r["baselineState"]) for r in json.loads(texts["r.sarif"])["runs"][0]["results"]]
    assert [s for s in states if s[1] != "unchanged"] == [("IN501", "updated"), ("SP303", "new")]
    assert "error IN501 grown: 2 lines are not JSON. The baseline has 1 of 60." in texts["junit.xml"]
    assert "gone" in texts["junit.xml"]
    assert "<b>1 finding fixed</b>" in texts["r.md"]
    assert '<option value="open" selected>New and grown</option>' in texts["r.html"]
    severities = {e["check_name"]: e["severity"] for e in json.loads(texts["gl-code-quality-report.json"])}
    assert (severities["IN501"], severities["SP303"], severities["UC101"]) == ("major", "minor", "info")
