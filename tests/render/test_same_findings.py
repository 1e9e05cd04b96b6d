"""Whatever a report holds, every format, read by somebody else's parser, has the findings of the JSON report.

The findings are compared by code, event, property, count and status: where a format has no fields of its own for
them, they are identified by the message, which no two findings share.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.examples import examples
from tests.support.readers import READERS, commands
from tests.support.reports import HOSTILE, breakdown, finding, report
from validator.model import Place, Severity
from validator.render import Style, renderer
from validator.render.github import MOST
from validator.render.terminal_style import safe
from validator.report import EventReport, FailOn, PlanReport, PropertyReport, Report, UseCaseReport, judge_report
from validator.report.model import Comparison, KnownFinding, Status
from validator.rules import RULES

NAMES = st.sampled_from(HOSTILE) | st.text(max_size=12) | st.sampled_from(["a", "b", "known finding", "rule", "TP202"])
CODES = st.sampled_from(sorted(code for code in RULES if not code.startswith("PL")))


class What(NamedTuple):
    """A finding; its mark is what its message begins with."""

    mark: str
    code: str
    event: str | None
    property: str | None
    calls: int
    status: str | None


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any report, its findings with or without a baseline, about use cases, own plans, both or neither."""
    numbers = itertools.count()
    events = draw(st.lists(NAMES, max_size=3, unique=True))
    use_cases = tuple(
        UseCaseReport("g", slug, draw(NAMES), draw(NAMES), tuple(_event(draw, name) for name in events or ["x"]))
        for slug in draw(st.lists(st.sampled_from(["u", "v"]), unique=True))
    )
    plans = tuple(
        PlanReport(plan, 1, 2, 3, tuple(draw(st.lists(NAMES, max_size=3, unique=True))))
        for plan in draw(st.lists(NAMES.filter(bool), max_size=2, unique=True))
    )
    ids = [use_case.id for use_case in use_cases]
    compared = draw(st.booleans())

    def one() -> Any:
        number, count = next(numbers), draw(st.integers(0, 5_000))
        event, about = draw(st.none() | NAMES), draw(st.none() | NAMES)
        found = finding(
            draw(CODES),
            event,
            about,
            message=f"f{number}: {event} {about} in {count:,} calls.",
            severity=draw(st.sampled_from(Severity)),
            use_cases=tuple(draw(st.lists(st.sampled_from(ids), unique=True))) if ids else (),
            plans=tuple(draw(st.lists(st.sampled_from([p.plan for p in plans]), unique=True))) if plans else (),
            count=count,
            places=draw(st.sampled_from([(), (Place(0, 0, -1, 1, None), Place(1, 7, 3, 2, "m"))])) if count else (),
        )
        if not compared:
            return found
        status = draw(st.sampled_from(Status))
        known = KnownFinding(code=found.code, count=draw(st.integers(0, 9)), of=9)
        return replace(found, status=status, known=None if status is Status.NEW else known)

    made = report(
        [one() for _ in range(draw(st.integers(0, 12)))],
        paths=[draw(NAMES.filter(bool)), "-"],
        use_cases=use_cases,
        plans=plans,
    )
    fields = draw(st.lists(st.sampled_from(["day", "a.b"]), unique=True))
    values = st.lists(st.none() | NAMES | st.sampled_from(["2024-03-01", "2024-03-04"]), unique=True, max_size=4)
    by = tuple(breakdown(field, draw(values), others=draw(st.booleans())) for field in fields)
    fixed = tuple(KnownFinding(code="UC102", event=draw(NAMES), count=1, of=2) for _ in range(draw(st.integers(0, 2))))
    return replace(made, breakdowns=by, baseline=Comparison(draw(NAMES.filter(bool)), fixed) if compared else None)


def _event(draw: st.DrawFn, name: str) -> EventReport:
    calls = draw(st.sampled_from([0, 3]))
    return EventReport(name, calls, (PropertyReport(draw(NAMES), 1, 1, 1),) if calls else ())


def rendered(form: str, given: Report, fail_on: FailOn = FailOn.ERROR) -> str:
    return renderer(form)(given, judge_report(given, fail_on=fail_on), Style())


def plain(text: str) -> str:
    return " ".join(safe(text).replace("`", "").split())


def asked(given: Report) -> dict[str, tuple[What, str, Severity]]:
    """Of the JSON report: each finding by the mark its message begins with, and its sentence."""
    found = {}
    for entry in json.loads(rendered("json", given))["findings"]:
        status = entry.get("baseline", {}).get("status")
        mark = entry["message"].split(":")[0]
        about = What(mark, entry["code"], entry["event"], entry["property"], entry["count"], status)
        found[mark] = about, plain(entry["message"]), Severity(entry["severity"])
    return found


def understood(wording: str, whole: dict[str, tuple[What, str, Severity]]) -> What:
    """Which finding it is that a format says, and how it compares; what else it says must be the same."""
    status, text = None, wording
    for each in Status:
        if wording.startswith(f"{each.value}: "):
            status, text = each.value, wording.removeprefix(f"{each.value}: ")
    if status == "grown":
        text, _, grown = text.rpartition(" The baseline has ")
        assert grown.endswith(" of 9.")
    about, sentence, _ = whole[text.split(":")[0]]
    assert plain(text) == sentence
    return about._replace(status=status)


@settings(max_examples=examples(100), deadline=None)
@given(reports())
def test_every_format_has_the_findings_of_the_json_report(given: Report) -> None:
    whole = asked(given)
    for form, read in READERS.items():
        pairs = list(read(rendered(form, given)))
        found = Counter(understood(wording, whole) for _, wording in pairs)
        assert [code for code, _ in pairs] == [understood(wording, whole).code for _, wording in pairs], form
        wanted = Counter(about for about, _, _ in whole.values())
        assert max(wanted.values(), default=1) == 1
        if form == "github":
            assert found <= wanted
            for severity in Severity:
                open_ = [about for about, _, s in whole.values() if s is severity and about.status != "known"]
                wording = sum(kind == severity.value for kind, _, _ in commands(rendered(form, given)))
                assert wording == min(len(open_), MOST)
            assert not any(about.status == "known" for about in found)
        else:
            assert found == wanted, form


@settings(max_examples=examples(60), deadline=None)
@given(reports(), st.sampled_from(FailOn))
def test_what_is_known_fails_no_case_and_makes_no_annotation(given: Report, fail_on: FailOn) -> None:
    known = [f.message.split(":")[0] + ":" for f in given.findings if f.status is Status.KNOWN]
    failures = rendered("junit", given, fail_on).split("<failure")[1:]
    assert not [mark for mark in known for part in failures if mark in part.split("</failure>")[0]]
    assert not [mark for mark in known if f"{mark} " in rendered("github", given, fail_on)]
