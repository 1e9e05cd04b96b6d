"""Every format, read by somebody else's parser, says the same findings, and no event can act on who reads it."""

from __future__ import annotations

import json
import posixpath
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import jsonschema
import pytest
from msgspec.structs import replace
from referencing import Registry, Resource

from tests.support.checking import check_paths
from tests.support.command import GOOD, SAMPLES, uclint
from tests.support.readers import READERS, Page, commands, markdown_page, of_markdown, with_status
from tests.support.reports import everything, finding, hostile, large, report
from validator.config import data_directory
from validator.model import Severity
from validator.render import FORMATS, Style, renderer
from validator.render.github import MOST
from validator.render.phrases import by_share
from validator.render.terminal_style import safe
from validator.report import (
    EventReport,
    FailOn,
    PlanReport,
    PropertyReport,
    TypesReport,
    UseCaseReport,
    Verdict,
    judge_report,
)
from validator.report.model import Status, Unnamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from validator.report import Finding, Report

FLAWED = sorted(SAMPLES.glob("*.flawed.ndjson"))
REPORTS: dict[str, Callable[[], Report]] = {
    "samples": lambda: check_paths([str(p.relative_to(SAMPLES.parent)) for p in FLAWED]),
    "hostile": hostile,
    "nothing": lambda: report(()),
    "no input": lambda: report([finding("UC101", "A", count=0, places=())], paths=()),
    "own plans": lambda: report([finding("TP202", "A", "b", plans=("mine",))]),
    "all there is": everything,
}
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u202e]")


@pytest.fixture(params=REPORTS, scope="module")
def given(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> Report:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(pytestconfig.rootpath)
        return REPORTS[request.param]()


def rendered(form: str, given: Report, verdict: Verdict | None = None) -> str:
    return renderer(form)(given, verdict or judge_report(given), Style())


def plain(text: str) -> str:
    """Text as a page shows it: harmless, spaces folded, and without what only sets code apart."""
    return " ".join(safe(text).replace("`", "").split())


def details(findings: tuple[Finding, ...]) -> Counter[tuple[str, str | None, str | None, int]]:
    return Counter((f.code, f.event, f.property, f.count) for f in findings)


def sentences(findings: Iterable[Finding]) -> Counter[tuple[str, str]]:
    known = ((f, (f.known.count, f.known.of) if f.known else (None, None)) for f in findings)
    return Counter(
        (f.code, plain(with_status(f.message, f.status and f.status.value, *numbers))) for f, numbers in known
    )


def schema(name: str) -> jsonschema.Draft202012Validator:
    files = [json.loads(path.read_text("utf-8")) for path in data_directory("schemas").glob("report*.schema.json")]
    registry: Registry[Any] = Registry().with_resources((f["$id"], Resource.from_contents(f)) for f in files)
    (chosen,) = (f for f in files if f["$id"].endswith(f"/{name}"))
    jsonschema.Draft202012Validator.check_schema(chosen)
    return jsonschema.Draft202012Validator(chosen, registry=registry)


def test_every_format_is_read() -> None:
    assert {*READERS, "text"} == set(FORMATS)


@pytest.mark.parametrize("form", READERS)
def test_every_format_has_the_same_findings(form: str, given: Report) -> None:
    expected = given.findings
    if form == "github":
        open_ = [f for f in by_share(given) if f.status is not Status.KNOWN]
        expected = tuple(f for s in Severity for f in [f for f in open_ if f.severity is s][:MOST])
    found = [(code, plain(message)) for code, message in READERS[form](rendered(form, given))]
    wanted = sentences(expected)
    assert Counter(found) == (Counter(set(wanted)) if form == "junit" else wanted)


@pytest.mark.parametrize("form", [form for form in READERS if form not in ("json", "jsonl")])
def test_messages_arrive_harmless(form: str, given: Report) -> None:
    assert not [m for _, m in READERS[form](rendered(form, given)) if safe(m) != m]


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_names_and_counts_in_json(form: str, given: Report) -> None:
    text = rendered(form, given)
    entries = json.loads(text)["findings"] if form == "json" else list(map(json.loads, text.splitlines()))[:-1]
    found = Counter((e["code"], e["event"], e["property"], e["count"]) for e in entries)
    assert found == details(given.findings)


def test_names_and_counts_in_sarif_and_html(given: Report) -> None:
    (run,) = json.loads(rendered("sarif", given))["runs"]
    shown = [(r["ruleId"], r["properties"]) for r in run["results"]]
    sarif = Counter((code, p["event"], p["property"], p["count"]) for code, p in shown)
    items = [a for tag, a in Page(rendered("html", given)).tags if tag == "li" and a.get("class") == "finding"]
    html = Counter(
        (a["data-code"], a.get("data-event"), a.get("data-property"), int(a["data-count"] or 0)) for a in items
    )
    wanted = Counter(
        (f.code, None if f.event is None else safe(f.event), None if f.property is None else safe(f.property), f.count)
        for f in given.findings
    )
    assert sarif == html == wanted


@pytest.mark.parametrize("form", FORMATS)
def test_no_character_acts_on_a_terminal(form: str, given: Report) -> None:
    text = rendered(form, given)
    if form == "html":
        text = re.sub("<(style|script)>.*?</\\1>", "", text, flags=re.DOTALL)
    assert not CONTROLS.search(text)
    assert not [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cs", "Cn", "Cf")]
    assert text.endswith("\n")
    text.encode()


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_text_holds_no_command_for_a_ci_runner(width: int) -> None:
    given = hostile()
    parts = [report([f], paths=[i.path for i in given.inputs]) for f in given.findings]
    for part in [given, *parts]:
        text = renderer("text")(part, judge_report(part), Style(width=width))
        assert list(commands(text)) == []


def test_an_annotation_is_one_command_with_its_place() -> None:
    given = hostile()
    for each in given.findings:
        part = report([each], paths=[i.path for i in given.inputs])
        (kind, parameters, message), _ = commands(rendered("github", part))
        assert (kind, message) == (each.severity.value, safe(each.message))
        path = given.inputs[each.places[0].input].path if each.places else None
        assert parameters.get("file") == (None if path is None else safe(posixpath.normpath(path)))
        assert set(parameters) <= {"file", "line", "title"}


def test_the_page_holds_nothing_alive() -> None:
    page = Page(rendered("html", everything()))
    known = """
        html head meta link title style script body a div header p b code h1 span nav ul li main dl dt dd section h2
        details summary h3 svg rect g text h4 table thead tbody tr th td label input select option output figure
        figcaption footer
    """
    assert {tag for tag, _ in page.tags} == set(known.split())
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style", "srcset")]
        if tag == "a":
            assert re.match(r"#|https://github\.com/uclint/uclint$", attributes["href"] or "")
    assert page.comments == []
    assert [tag for tag, _ in page.tags].count("script") == 1


def test_markdown_holds_nothing_alive() -> None:
    text = rendered("markdown", everything())
    page = markdown_page(text)
    assert {tag for tag, _ in page.tags} == {
        "h3", "p", "code", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "b", "strong", "ul", "li",
        "br",
    }  # fmt: skip
    assert page.comments == [" uclint report "]
    assert not [data for path, data in page.texts if "code" not in path and re.search(r"[@#]", data)]
    # What GitHub makes links of on its own.
    for line in text.splitlines():
        assert not re.search(r"www\.|://|@", line) or line.startswith("- **")


def test_sarif_messages_hold_no_links_and_no_placeholders() -> None:
    (run,) = json.loads(rendered("sarif", hostile()))["runs"]
    for text in (r["message"]["text"] for r in run["results"]):
        assert "](" not in text
        assert not re.search(r"(?<!\{)\{\d+\}(?!\})", text)
    uris = [loc["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"] for loc in r["locations"]]
    assert all(re.fullmatch(r"[A-Za-z0-9._~%/-]+", uri) for uri in uris)


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_schemas(form: str, given: Report) -> None:
    text = rendered(form, given)
    if form == "json":
        schema("report.schema.json").validate(json.loads(text))
        return
    lines = list(map(json.loads, text.splitlines()))
    for line in lines:
        schema("report-line.schema.json").validate(line)
    assert lines[-1]["severities"] == {s.value: sum(f.severity is s for f in given.findings) for s in Severity}
    assert lines[-1]["exit_code"] == judge_report(given).exit_code


def test_a_line_that_is_neither_finding_nor_summary_is_no_report() -> None:
    lines = list(map(json.loads, rendered("jsonl", hostile()).splitlines()))
    for wrong in ({}, {"code": "UC101"}, lines[0] | {"x": 1}, {k: v for k, v in lines[-1].items() if k != "reasons"}):
        assert not schema("report-line.schema.json").is_valid(wrong)


def test_junit_counts_and_fails_as_the_run_does(given: Report) -> None:
    for fail_on in FailOn:
        verdict = judge_report(given, fail_on=fail_on, allow_empty=True)
        root = ElementTree.fromstring(rendered("junit", given, verdict))  # noqa: S314
        for suite in [root, *root.iter("testsuite")]:
            cases = list(suite.iter("testcase"))
            found = [len(cases), *(sum(c.find(t) is not None for c in cases) for t in ("failure", "error", "skipped"))]
            assert [int(suite.attrib[n]) for n in ("tests", "failures", "errors", "skipped")] == found
        assert bool(root.findall(".//failure") or root.findall(".//error")) == bool(verdict.exit_code)
        suites = [s.attrib["name"] for s in root.iter("testsuite")]
        assert [u.id for u in given.use_cases] == [n for n in suites if n in {u.id for u in given.use_cases}]
    for use_case in given.use_cases:
        (suite,) = (s for s in root.iter("testsuite") if s.attrib["name"] == use_case.id)
        assert [c.attrib["name"] for c in suite] == [safe(e.event) for e in use_case.events]


def test_junit_has_a_case_for_each_event_of_each_plan() -> None:
    plan = PlanReport("shop", 1, 1, 1, ("Seen", "Flawed", "Never seen", "Page"))
    findings = [
        finding("TP202", "Flawed", "x", plans=("shop",), severity=Severity.ERROR),
        finding("TP203", "Unplanned", plans=("shop",), severity=Severity.WARNING),
    ]
    given = replace(report(findings, plans=(plan,)), events={"Seen": 1, "Flawed": 2, "Page": 1})
    (suite,) = ElementTree.fromstring(rendered("junit", given)).findall("testsuite[@name='plan shop']")  # noqa: S314
    assert {case.attrib["name"]: [child.tag for child in case] for case in suite} == {
        "Seen": [],
        "Flawed": ["failure"],
        "Never seen": ["skipped"],
        "Page": [],
        "Unplanned": ["system-out"],
    }


def test_the_events_of_a_plan_are_those_of_its_rules(tmp_path: Path) -> None:
    keys = [("TRACK", "Trial Started"), ("TRACK", "Gone"), ("PAGE", None), ("IDENTIFY", None), ("COMMON", None)]
    rules = [{"type": t, "version": 1, "jsonSchema": {}} | ({"key": k} if k else {}) for t, k in keys]
    (tmp_path / "plan.json").write_text(json.dumps({"name": "Shop", "rules": rules}), encoding="utf-8")
    done = uclint("check", "-", "--plan", "plan.json", "--format", "junit", cwd=tmp_path, stdin=GOOD)
    suites = ElementTree.fromstring(done.stdout).findall("testsuite")  # noqa: S314 - we wrote it
    (cases,) = (
        [(c.attrib["name"], c.find("skipped") is not None) for c in s]
        for s in suites
        if s.attrib["name"].startswith("plan ")
    )
    assert cases == [("Trial Started", False), ("Gone", True), ("Page", True), ("Identify", True)]


@pytest.mark.parametrize("form", ["text", "html", "markdown"])
def test_sources_and_destinations_are_shown_where_asked_for(form: str) -> None:
    kinds = {"sources": TypesReport(("Website",), ("Mobile", "Cloud")), "destinations": TypesReport((), ("SMS",))}
    use_case = UseCaseReport("g", "u", "U", "G", (EventReport("E", 1, ()),))
    without = rendered(form, report((), use_cases=(use_case,)))
    text = rendered(form, report((), use_cases=(replace(use_case, **kinds),)))
    if form == "text":
        assert "\nSources: Website seen; not seen: Mobile, Cloud\n" in text
        assert "\nDestinations: none seen; not seen: SMS\n" in text
    elif form == "markdown":
        assert "Sources: Website seen; Mobile, Cloud not seen." in text
        assert "Destinations: SMS not seen." in text
    else:
        badges = [data for path, data in Page(text).texts if path[-2:] == ("dd", "span") and data != "<span>"]
        assert badges == ["Website: seen", "Mobile: not seen", "Cloud: not seen", "SMS: not seen"]
    many = tuple(replace(use_case, use_case=f"u{n}", **kinds) for n in range(9))
    assert text.count("Mobile") == 1
    assert rendered(form, report((), use_cases=many)).count("Mobile") == (9 if form == "html" else 1)
    assert not re.search(r"\b([Ss]ource|[Dd]estination)", re.sub("(?s)<style>.*</style>", "", without))


@pytest.mark.parametrize(
    ("codes", "says"),
    [(["TP202"], "wrong type"), (["TP205"], "not allowed"), (["TP202", "TP206"], "not valid"), ([], "not valid")],
)
def test_text_says_what_is_wrong_with_a_property(codes: list[str], says: str) -> None:
    use_case = UseCaseReport("g", "u", "U", "G", (EventReport("E", 9, (PropertyReport("p", 2, 3, 4),)),))
    findings = [finding(code, "E", "p", use_cases=(use_case.id,)) for code in codes]
    elsewhere = [finding("TP208", "E", "other", use_cases=(use_case.id,)), finding("TP208", "E", "p", plans=("mine",))]
    text = rendered("text", report([*findings, *elsewhere], use_cases=(use_case,)))
    assert f"3 missing, 4 {says}\n" in text
    for form, words in (("html", ">Not valid<"), ("markdown", "| not valid |")):
        assert words in rendered(form, report(findings, use_cases=(use_case,)))


def test_junit_says_what_fails_besides_findings() -> None:
    given = report(())
    low = Verdict(1, ("x/y is covered 10.0%, below 90.0%",))
    assert ElementTree.fromstring(rendered("junit", given, low)).find(".//failure") is not None  # noqa: S314
    stopped = Verdict(130, ("interrupted",))
    assert ElementTree.fromstring(rendered("junit", given, stopped)).find(".//error") is not None  # noqa: S314


def test_markdown_fits_in_a_comment() -> None:
    for given in (large(3_000), large(300, name=1_000), large(40, name=100_000, places=1_000), hostile()):
        text = rendered("markdown", given)
        assert len(text) <= 65_536
        shown = sum(1 for _ in of_markdown(text))
        left_out = [int(n.replace(",", "")) for n in re.findall(r"([\d,]+) findings? left out", text)]
        assert shown + sum(left_out) == len(given.findings)
    assert len(rendered("markdown", large(3_000))) > 60_000


def test_markdown_says_what_it_does_not_show() -> None:
    use_cases = tuple(UseCaseReport("g", f"u{n}", f"U {n}", "G", (EventReport("E", 1, ()),)) for n in range(60))
    plans = tuple(PlanReport(f"p {n}", 1, 0, 0) for n in range(51))
    text = rendered("markdown", report((), use_cases=use_cases, plans=plans))
    assert "10 further use cases not shown" in text
    assert "1 further plan not shown" in text


def test_annotations_stay_within_the_caps() -> None:
    found = list(commands(rendered("github", large(1_000))))
    assert Counter(kind for kind, _, _ in found) == {"error": 10, "warning": 10, "notice": 1}
    assert "980 findings without an annotation" in found[-1][2]


@pytest.mark.parametrize("form", ["text", "markdown", "html", "github", "sarif", "junit"])
def test_what_has_no_name_and_that_nothing_was_judged_is_reported(form: str) -> None:
    given = replace(report([]), valid=0, invalid=0, unnamed=Unnamed(events=7, properties=1), left_out=3)
    rendered = " ".join(renderer(form)(given, judge_report(given)).split())
    assert "7 calls of further events and 1 use of further properties that no plan knows, beyond the names" in rendered
    assert "no call was judged: 3 are left out" in rendered


def test_people_read_first_what_concerns_most_calls_and_json_keeps_its_order() -> None:
    shares = {"a": 1, "b": 90, "c": 40}
    found = [finding("TP202", f"Event {name}", "p", severity=Severity.WARNING, count=n) for name, n in shares.items()]
    found += [finding("IN501", None, message="1 line is not JSON.", count=1)]
    given = replace(report(found), events={f"Event {name}": 100 for name in shares}, valid=300)
    for form in ("text", "html", "markdown", "github"):
        text = rendered(form, given).split("</head>")[-1]
        places = [text.index(word) for word in ("IN501", "Event b", "Event c", "Event a")]
        assert places == sorted(places), form
    entries = json.loads(rendered("json", given))["findings"]
    assert [(entry["event"], entry["count"], entry["of"]) for entry in entries][1:] == [
        (f"Event {name}", n, 100) for name, n in shares.items()
    ]


def test_a_long_list_is_folded_and_whole() -> None:
    given = large(200)
    page = rendered("html", given)
    assert page.count('<li class="finding"') == 200
    assert '<details class="more"><summary>' in page
    assert '<details class="more">' not in rendered("html", large(9))
