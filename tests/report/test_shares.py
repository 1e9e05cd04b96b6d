"""Shares in words: never rounded to something they are not, in any format."""

from __future__ import annotations

import html
import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.reports import report
from validator.render import Style, renderer
from validator.report import EventReport, PlanReport, PropertyReport, Report, UseCaseReport, judge_report
from validator.report.model import Breakdown, GroupReport
from validator.report.shares import below, percent

RARE, NEARLY = 3, 9_997


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_no_share_is_rounded_to_none_or_all(part: int, whole: int) -> None:
    part = min(part, whole)
    shown = percent(part / whole)
    assert (shown == "0%") == (part == 0)
    assert (shown == "100%") == (part == whole)
    assert (shown == "<1%") == (0 < part / whole < 0.01)
    assert (shown == ">99%") == (0.99 < part / whole < 1)


@pytest.mark.parametrize(
    ("share", "least", "shown"),
    [
        (0.78, 0.9, ("78.0%", "90.0%")),
        (0.77996, 0.78, ("77.996%", "78.000%")),
        (0.99996, 1, ("99.996%", "100.000%")),
        (0.00001, 0.5, ("0.001%", "50.000%")),
        (0, 0.5, ("0.0%", "50.0%")),
    ],
)
def test_what_is_below_a_minimum_differs_from_it(share: float, least: float, shown: tuple[str, str]) -> None:
    assert below(share, least) == shown


def rare() -> Report:
    """A recommended property that nearly all calls lack, one that nearly all have; and invalid calls likewise."""
    properties = (PropertyReport("a", RARE, NEARLY, 0), PropertyReport("b", NEARLY, RARE, 0))
    use_cases = tuple(
        UseCaseReport("g", name, name, "Goal", (EventReport("E", RARE + NEARLY, (properties[at],)),))
        for at, name in enumerate(("one", "other"))
    )
    groups = (GroupReport("x", NEARLY, RARE, ()), GroupReport("y", RARE, NEARLY, ()))
    plans = (PlanReport("p", RARE, 0, NEARLY), PlanReport("q", NEARLY, 0, RARE))
    return replace(report((), use_cases=use_cases, plans=plans), breakdowns=(Breakdown("f", groups),))


@pytest.mark.parametrize(("form", "times"), [("text", 6), ("html", 6), ("markdown", 6), ("junit", 2)])
def test_every_format_tells_a_rare_share_from_none(form: str, times: int) -> None:
    given = rare()
    text = html.unescape(renderer(form)(given, judge_report(given), Style()).split("</style>")[-1])
    assert text.count("<1%") >= 1
    assert text.count(">99%") >= 1
    assert not [bad for bad in (" 0%", ">0%", "(0%", " 100%", "(100%", ">100%<") if bad in text]
    assert text.count("<1%") + text.count(">99%") >= times


def test_a_share_is_escaped_where_it_could_be_markup() -> None:
    given = rare()
    page = renderer("html")(given, judge_report(given), Style())
    assert "<1%" not in page
    xml = renderer("junit")(given, judge_report(given), Style())
    values = [e.get("value", "") for e in ElementTree.fromstring(xml).iter("property")]  # noqa: S314 - our own
    assert any("3 invalid (<1%)" in value for value in values)


def test_a_plan_that_hardly_any_call_is_about_has_no_full_bar() -> None:
    given = replace(report((), plans=(PlanReport("p", 97, 3, 9_900),)), valid=9_997, invalid=3)
    text = renderer("text")(given, judge_report(given), Style(color=True))
    (line,) = [line for line in text.splitlines() if "planned" in line and "%" in line]
    assert "<1%" in line
    assert "\x1b[32m" not in line
    assert line.count("█") == 1
    assert "100 planned (97 valid, 3 invalid)" in text.replace("\n  ", " ")
    assert "9,900 unplanned" in text.replace("\n  ", " ")
    calls = json.loads(renderer("json")(given, judge_report(given), Style()))["plans"][0]["calls"]
    assert calls == {"total": 10_000, "planned": 100, "valid": 97, "invalid": 3, "unplanned": 9_900}


def test_a_bar_of_a_use_case_shows_what_is_not_valid() -> None:
    use_case = UseCaseReport("g", "u", "U", "G", (EventReport("E", 10, (PropertyReport("a", 5, 1, 4),)),))
    given = report((), use_cases=(use_case,))
    page = renderer("html")(given, judge_report(given), Style())
    summary = page[page.index("<summary>") : page.index("</summary>")]
    assert '<rect class="w" x="50.00%" width="40.00%"' in summary
    assert '<rect class="m" x="90.00%" width="10.00%"' in summary
    (entry,) = json.loads(renderer("json")(given, judge_report(given), Style()))["use_cases"]
    assert (entry["coverage"], entry["not_covered"]) == (0.5, {"missing": 0.1, "invalid": 0.4})
