"""JUnit XML: a suite for each use case and plan with a case for each event, and one suite for the rest.

A case fails if one of its findings makes the run fail; other findings are its output. An event that was never seen
is skipped, unless that makes the run fail.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import msgspec

from validator._version import __version__
from validator.render.breakdown_parts import NONE, OTHERS, further, share_invalid, shown
from validator.render.phrases import clip, count, message_of, outcome, unnamed, where
from validator.render.terminal_style import PLAIN, Style, safe
from validator.report.finding_messages import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.report import Finding, Report, Verdict

LONGEST = 1_000
MOST_PLACES = 20
MOST_VALUES = 20
MOST_FIXED = 100

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Case(msgspec.Struct, frozen=True):
    """A test case: its name, its findings, and whether there was nothing to test."""

    name: str
    findings: tuple[Finding, ...]
    absent: bool = False


class Suite(msgspec.Struct, frozen=True):
    """A test suite and its cases."""

    name: str
    cases: tuple[Case, ...]


def render_junit(report: Report, verdict: Verdict, style: Style = PLAIN) -> str:  # noqa: ARG001
    """The report as one `testsuites` element."""
    parts = [_run(report, verdict), *(_suite(s, report, verdict) for s in _suites(report))]
    counts = [sum(c) for c in zip(*(numbers for numbers, _ in parts), strict=True)]
    body = "".join(text for _, text in parts)
    return f'{_DECLARATION}<testsuites name="uclint"{_counts(counts)}>\n{body}</testsuites>\n'


def _suites(report: Report) -> Iterator[Suite]:
    placed: set[int] = set()

    def taken(findings: Iterator[tuple[int, Finding]]) -> tuple[Finding, ...]:
        chosen = list(findings)
        placed.update(number for number, _ in chosen)
        return tuple(finding for _, finding in chosen)

    numbered = list(enumerate(report.findings))
    for u in report.use_cases:
        cases = (
            Case(e.event, taken(x for x in numbered if x[1].event == e.event and u.id in x[1].use_cases), not e.calls)
            for e in u.events
        )
        yield Suite(u.id, tuple(cases))
    for p in report.plans:
        concerned = [x for x in numbered if p.plan in x[1].plans]
        names: dict[str | None, bool] = {name: not report.events.get(name) for name in p.events}
        names |= {f.event: False for _, f in concerned if f.event not in names}
        events = (Case(n or "any event", taken(x for x in concerned if x[1].event == n), names[n]) for n in names)
        yield Suite(f"plan {p.plan}", tuple(events) or (Case("any event", ()),))
    rest: dict[str, list[Finding]] = {}
    for number, finding in numbered:
        if number not in placed:
            name = f"{finding.code} {finding.rule}" + (
                f": {spoken(finding.event)}" if finding.event is not None else ""
            )
            rest.setdefault(name, []).append(finding)
    if rest:
        yield Suite("other findings", tuple(Case(name, tuple(found)) for name, found in rest.items()))


def _run(report: Report, verdict: Verdict) -> tuple[list[int], str]:
    """A case for failures besides findings: coverage, missing or broken input, an interruption."""
    reasons = _attribute("; ".join(verdict.reasons))
    broken = verdict.exit_code > 1
    failed = verdict.exit_code == 1 and not any(verdict.fails(f) for f in report.findings)
    inside = f'      <error type="exit {verdict.exit_code}" message="{reasons}"/>\n' if broken else ""
    inside += f'      <failure type="exit 1" message="{reasons}"/>\n' if failed else ""
    case = _element("uclint", "run", inside)
    numbers = [1, int(failed), int(broken), 0]
    named = "".join(
        f'      <property name="{_attribute(name)}" value="{_attribute(value)}"/>\n'
        for name, value in _properties(report, verdict)
    )
    properties = f"    <properties>\n{named}    </properties>\n"
    return numbers, f'  <testsuite name="uclint"{_counts(numbers)}>\n{properties}{case}  </testsuite>\n'


def _properties(report: Report, verdict: Verdict) -> Iterator[tuple[str, str]]:
    """What belongs to no case: the verdict, breakdowns, uncounted names, and fixed findings."""
    yield "version", __version__
    yield "verdict", f"{outcome(verdict)}: {'; '.join(verdict.reasons)}"
    if further_names := unnamed(report):
        yield "not named", further_names
    for breakdown in report.breakdowns:
        groups, more = shown(breakdown, MOST_VALUES)
        named = [(NONE if group.value is None else group.value, group) for group in groups]
        for name, group in [*named, *([(OTHERS, breakdown.others)] if breakdown.others else [])]:
            invalid = f", {share}" if (share := share_invalid(group)) else ""
            yield f"by {breakdown.field}: {name}", count(group.calls, "call") + invalid
        if more:
            yield f"by {breakdown.field}", f"{further(breakdown, more)} left out"
    fixed = report.baseline.fixed if report.baseline else ()
    for known in fixed[:MOST_FIXED]:
        yield "fixed", f"{known.code} {': '.join(n for n in (known.event, known.property) if n)}".rstrip()
    if len(fixed) > MOST_FIXED:
        yield "fixed", f"{len(fixed) - MOST_FIXED:,} more"


def _suite(suite: Suite, report: Report, verdict: Verdict) -> tuple[list[int], str]:
    numbers = [len(suite.cases), 0, 0, 0]
    text = []
    for case in suite.cases:
        failing = [f for f in case.findings if verdict.fails(f)]
        other = [f for f in case.findings if not verdict.fails(f)]
        skipped = case.absent and not failing
        numbers[1] += bool(failing)
        numbers[3] += skipped
        inside = _failure(failing, report) if failing else ""
        inside += '      <skipped message="never seen"/>\n' if skipped else ""
        inside += f"      <system-out>{_lines(other, report)}</system-out>\n" if other else ""
        text.append(_element(suite.name, case.name, inside))
    return numbers, f'  <testsuite name="{_attribute(suite.name)}"{_counts(numbers)}>\n{"".join(text)}  </testsuite>\n'


def _element(suite: str, name: str, inside: str) -> str:
    start = f'    <testcase classname="{_attribute(suite)}" name="{_attribute(name)}" time="0"'
    return f"{start}>\n{inside}    </testcase>\n" if inside else f"{start}/>\n"


def _failure(findings: Sequence[Finding], report: Report) -> str:
    codes = ", ".join(dict.fromkeys(f.code for f in findings))
    message = _attribute(" ".join(map(message_of, findings)))
    return f'      <failure type="{codes}" message="{message}">{_lines(findings, report)}</failure>\n'


def _lines(findings: Sequence[Finding], report: Report) -> str:
    """A line for each finding with severity, code and message, and an indented one for each place."""
    return "\n".join(_text(line) for finding in findings for line in _finding_lines(finding, report))


def _finding_lines(finding: Finding, report: Report) -> Iterator[str]:
    yield f"{finding.severity.value} {finding.code} {message_of(finding)}"
    yield from (f"  at {where(place, report)}" for place in finding.places[:MOST_PLACES])
    if finding.count > len(finding.places[:MOST_PLACES]) > 0:
        yield "  ..."


def _counts(numbers: Sequence[int]) -> str:
    names = ("tests", "failures", "errors", "skipped")
    return "".join(f' {name}="{n}"' for name, n in zip(names, numbers, strict=True)) + ' time="0"'


def _text(text: str) -> str:
    """Escaped for XML; `safe` has removed forbidden characters."""
    return escape(clip(safe(text), LONGEST), quote=False)


def _attribute(text: str) -> str:
    return escape(clip(safe(text), LONGEST))
