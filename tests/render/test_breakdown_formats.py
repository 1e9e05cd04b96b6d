"""Breakdowns in every format: the same numbers in all of them, bounded, and days as they follow each other."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.command import GOOD, uclint
from tests.support.readers import Page, markdown_page
from tests.support.reports import DAYS, HOSTILE, breakdown, everything, report
from validator.render import Style, renderer
from validator.render import html_breakdowns as html
from validator.render import markdown_breakdowns as markdown
from validator.render.breakdown_parts import Trend, shown, trend
from validator.render.terminal_style import safe
from validator.report import judge_report
from validator.report.model import Breakdown, GroupReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from validator.report import Report

Row = tuple[str, str, int, int]  # field, value, calls, invalid


def rendered(form: str, given: Report) -> str:
    return renderer(form)(given, judge_report(given, allow_empty=True), Style())


def plain(text: str) -> str:
    return " ".join(text.split())


def number(text: str) -> int:
    """The number that a cell begins with; none for a blank one."""
    return int((text.split() or ["0"])[0].replace(",", ""))


def of_html(text: str) -> Iterator[Row]:
    field, row = "", list[str]()
    for path, data in Page(text).texts:
        if data in ("<h2>", "<h3>"):
            field = ""
        elif data == "<tr>":
            row = []
        elif data in ("<th>", "<td>"):
            row.append("")
        elif data == "</tr>" and field.startswith("By ") and len(row) == 3 and row[0] not in ("Value", "Day"):
            yield field[3:], row[0], number(row[1]), number(row[2])
        elif not re.fullmatch(r"</?[a-z0-9]+>", data):
            if "h3" in path:
                field += data
            elif row and {"th", "td"}.intersection(path):
                row[-1] += data


def of_markdown(text: str) -> Iterator[Row]:
    field, row = "", list[str]()
    for path, data in markdown_page(text).texts:
        if data == "<summary>":
            field = ""
        elif data == "<tr>":
            row = []
        elif data == "<td>":
            row.append("")
        elif data == "</tr>" and field.startswith("By ") and row:
            yield field[3:], row[0], number(row[1]), number(row[2])
        elif not re.fullmatch(r"</?[a-z0-9]+>", data):
            if "summary" in path:
                field += data
            elif "td" in path:
                row[-1] += data


def of_junit(text: str) -> Iterator[Row]:
    for entry in ElementTree.fromstring(text).iter("property"):  # noqa: S314 - we wrote it
        message = re.fullmatch(r"([\d,]+) calls?(?:, ([\d,]+) invalid \(\d+%\))?", entry.attrib["value"])
        if message and entry.attrib["name"].startswith("by "):
            yield *_field(entry.attrib["name"][3:]), number(message[1]), number(message[2] or "")


def _field(name: str) -> tuple[str, str]:
    """Names of fields in these tests hold no colon."""
    field, _, value = name.partition(": ")
    return field, value


def of_sarif(text: str) -> Iterator[Row]:
    (run,) = json.loads(text)["runs"]
    for by in run["properties"]["breakdowns"]:
        for entry in by["values"]:
            yield by["field"], "(none)" if entry["value"] is None else entry["value"], entry["calls"], entry["invalid"]
        if by["others"]:
            yield by["field"], "(further values)", by["others"], 1


def of_text(text: str) -> Iterator[Row]:
    field = ""
    for line in text.splitlines():
        if line.startswith("By "):
            field = line[3:]
        elif not line.startswith("  "):
            field = ""
        message = re.fullmatch(r"  (\S.*?)  ([\d,]+) calls?(?:, ([\d,]+) invalid \(\d+%\))?", line)
        if field and message:
            yield field, message[1], number(message[2]), number(message[3] or "")


# Format -> its reader, and how many values it shows.
READERS: dict[str, tuple[Callable[[str], Iterator[Row]], int]] = {
    "text": (of_text, 20),
    "html": (of_html, html.MOST_VALUES),
    "markdown": (of_markdown, markdown.MOST_VALUES),
    "junit": (of_junit, 20),
    "sarif": (of_sarif, 50),
}
NONE = {"without it": "(none)", "without a readable time": "(none)"}
OTHERS = {"further values, counted together": "(further values)"}


def values(count: int) -> list[str | None]:
    return [None, *(f"v {n}" for n in range(count - 1))]


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("count", [1, 5, 20, 60, 300])
def test_every_format_has_the_same_values(form: str, count: int) -> None:
    read, most = READERS[form]
    given = breakdown("context.app", values(count), others=True)
    found = [
        (field, plain(NONE.get(value, OTHERS.get(value, value))), calls, invalid)
        for field, value, calls, invalid in read(rendered(form, replace(report(()), breakdowns=(given,))))
    ]
    wanted: list[Row] = [("context.app", plain(g.value or "(none)"), g.calls, g.invalid) for g in given.groups[:most]]
    wanted.append(("context.app", "(further values)", 6, 1))
    assert found == wanted


@pytest.mark.parametrize("form", READERS)
def test_days_stand_in_their_order_in_every_format(form: str) -> None:
    given = replace(report(()), breakdowns=(breakdown("day", [None, *DAYS]),))
    found = [NONE.get(value, value) for _, value, _, _ in READERS[form][0](rendered(form, given))]
    assert found == [*sorted(DAYS), "(none)"]


@pytest.mark.parametrize("form", READERS)
def test_what_is_left_out_is_reported(form: str) -> None:
    _, most = READERS[form]
    fields = (
        breakdown("a", values(most + 7)),
        breakdown("day", [str(date(2000, 1, 1) + timedelta(n)) for n in range(373)]),
    )
    text = rendered(form, replace(report(()), breakdowns=fields))
    if form == "sarif":
        assert [by["leftOut"] for by in json.loads(text)["runs"][0]["properties"]["breakdowns"]] == [7, 373 - most]
        return
    shown_days = {"html": html.MOST_DAYS, "markdown": markdown.MOST_DAYS}.get(form, 20)
    assert "7 further values" in text
    assert f"{373 - shown_days} earlier days" in text
    assert "2001-01-07" in text  # the latest


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_values_from_events_arrive_harmless(form: str) -> None:
    given = everything()
    read, most = READERS[form]
    found = [plain(value) for field, value, _, _ in read(rendered(form, given)) if field != "day"]
    assert found[:most][: len(HOSTILE)] == [plain(safe(value)) for value in HOSTILE][:most]


def test_many_fields_with_many_values_stay_small() -> None:
    found = [breakdown(f"field {n}", [f"value {n} of a length that is usual" for n in range(1_000)]) for n in range(7)]
    days = [str(date(2000, 1, 1) + timedelta(n)) for n in range(1_000)]
    given = replace(report(()), breakdowns=(*found, breakdown("day", days)))
    assert len(rendered("html", given)) < 1_000_000
    assert len(rendered("markdown", given)) <= markdown.MOST_CHARACTERS + 1_000
    assert len(rendered("text", given)) < 100_000
    long = replace(report(()), breakdowns=tuple(breakdown(f"{n}" * 200, ["<&|`@" * 40] * 12) for n in range(8)))
    text = rendered("markdown", long)
    assert len(text) <= 65_536
    assert text.count("`--format json` has it") == 8 - text.count("<details><summary>By")


# ------------------------------------------------------------------------------------------------------------- days


def group(value: str | None, calls: int, invalid: int = 0) -> GroupReport:
    return GroupReport(value, calls - invalid, invalid, ())


DATES = st.dates(date(2024, 1, 1), date(2024, 3, 1)) | st.dates(date(1970, 1, 1), date(2999, 1, 1)) | st.just(date.max)
COUNTS = st.dictionaries(DATES, st.integers(1, 9), min_size=1, max_size=15)


@given(COUNTS, st.integers(1, 40))
def test_the_trend_is_the_latest_span_with_many_calls(counts: dict[date, int], most: int) -> None:
    found = trend(Breakdown("day", tuple(group(str(day), n) for day, n in counts.items())), most)
    assert isinstance(found, Trend)
    days = list(found.days)
    assert days == [days[0] + timedelta(n) for n in range(len(days))]
    assert len(days) <= most
    assert {day: g.calls for day, g in found.days.items() if g} == {d: n for d, n in counts.items() if d in found.days}
    assert found.days[days[0]] is not None is not found.days[days[-1]]
    spans = {end: sum(n for d, n in counts.items() if 0 <= (end - d).days < most) for end in counts}
    assert days[-1] == max(end for end, calls in spans.items() if 2 * calls >= max(spans.values()))
    assert not [d for d in counts if d not in found.days and 0 <= (days[-1] - d).days < most]
    assert [g.value for g in found.before] == sorted(str(d) for d in counts if d < days[0])
    assert [g.value for g in found.after] == sorted(str(d) for d in counts if d > days[-1])


def test_no_trend_without_days() -> None:
    assert trend(Breakdown("day", (group(None, 3), group("yesterday", 3))), 9) is None
    assert trend(Breakdown("day", ()), 9) is None


@given(COUNTS, st.integers(1, 9))
def test_the_latest_days_are_shown(counts: dict[date, int], most: int) -> None:
    groups, more = shown(Breakdown("day", tuple(group(str(day), n) for day, n in counts.items())), most)
    assert [g.value for g in groups] == sorted(map(str, counts))[-most:]
    assert more == len(counts) - len(groups)


def bars(text: str) -> list[str]:
    return [data for path, data in Page(text).texts if path[-2:] == ("g", "title") and data != "<title>"]


def test_the_page_draws_each_day_and_says_what_it_does_not_draw() -> None:
    groups = (group("2024-02-28", 1_000), group("2024-03-01", 10, 1), group("1970-01-01", 1), group("2051-01-01", 2))
    text = rendered("html", replace(report(()), breakdowns=(Breakdown("day", groups),)))
    assert bars(text) == ["2024-02-28: 1,000 calls", "2024-02-29: no calls", "2024-03-01: 10 calls, 1 invalid"]
    assert (
        "2024-02-28 to 2024-03-01: 1,000 calls a day at most, and no calls on 1 day; 1 call on 1 day before is not "
        "drawn; 2 calls on 1 day after are not drawn."
    ) in text
    heights = [
        float(a["height"] or 0) for t, a in Page(text.replace('%"', '"')).tags if t == "rect" and a["class"] == "w"
    ]
    assert heights[0] >= 2  # 1 of 10 invalid calls, on a day of 10 where another has 1,000, is still seen


def test_days_far_from_nearly_all_calls_are_not_drawn() -> None:
    days = [*(f"2024-12-{n:02}" for n in range(1, 29)), "2024-01-05", "2024-06-01"]
    groups = [group(day, 100 if "-12-" in day else 1) for day in days]
    text = rendered("html", replace(report(()), breakdowns=(Breakdown("@day", tuple(groups)),)))
    assert len(bars(text)) == 28
    assert "2 calls on 2 days before are not drawn" in text


def test_a_long_time_without_calls_is_a_gap() -> None:
    """So that the days with calls are wide enough to see."""
    days = [group("2024-01-01", 10), group("2024-01-02", 12), group("2024-11-30", 11), group("2024-12-31", 10)]
    text = rendered("html", replace(report(()), breakdowns=(Breakdown("day", tuple(days)),)))
    drawn = bars(text)
    assert drawn[2] == "2024-01-03 to 2024-11-29: no calls"
    assert len(drawn) == 6
    widths = [float(str(a["width"])[:-1]) for t, a in Page(text).tags if t == "rect" and a["class"] == "c"]
    assert min(widths) > 5
    assert "and no calls on 362 days" in text


def test_one_day_is_not_drawn() -> None:
    assert bars(rendered("html", replace(report(()), breakdowns=(Breakdown("day", (group("2024-02-28", 9),)),)))) == []


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 10**9)), min_size=2, max_size=9))
def test_bars_fill_their_frame_and_no_more(days: list[tuple[int, int]]) -> None:
    groups = [group(f"2024-03-0{n + 1}", calls, min(bad, calls)) for n, (calls, bad) in enumerate(days)]
    text = rendered("html", replace(report(()), breakdowns=(Breakdown("day", tuple(groups)),)))
    drawn = [a for t, a in Page(text).tags if t == "rect" and str(a.get("y", "")).endswith("%")]
    parts = [[float(str(a[name]).rstrip("%")) for name in ("x", "width", "y", "height")] for a in drawn]
    for x, width, y, height in parts:
        assert -0.01 <= x <= x + width <= 100.01
        assert -0.01 <= y <= y + height <= 100.02
        assert height > 0
    assert min(y for _, _, y, _ in parts) == pytest.approx(0, abs=0.01)
    colored = [a["class"] for a in drawn]
    assert colored.count("w") == sum(g.invalid > 0 for g in groups)


def test_the_command_draws_what_it_read(tmp_path: Path) -> None:
    calls = [GOOD.replace(b'{"type"', b'{"timestamp":"2024-03-%02dT10:00:00Z","type"' % day) for day in (3, 1, 1)]
    (tmp_path / "calls.ndjson").write_bytes(b"".join(calls))
    options = ["-u", "acquire-paid-subscriptions", "--by", "day", "--by", "type"]
    uclint("check", "calls.ndjson", *options, "-o", "report.html", "-o", "report.md", cwd=tmp_path)
    text = (tmp_path / "report.html").read_text("utf-8")
    assert bars(text) == ["2024-03-01: 2 calls", "2024-03-02: no calls", "2024-03-03: 1 call"]
    wanted = [("day", "2024-03-01", 2, 0), ("day", "2024-03-03", 1, 0), ("type", "track", 3, 0)]
    assert list(of_html(text)) == wanted
    assert list(of_markdown((tmp_path / "report.md").read_text("utf-8"))) == wanted
