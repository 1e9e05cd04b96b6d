"""Selecting rules and overriding severities, against a plain implementation, call by call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.checking import check_stream
from tests.support.command import SAMPLES
from tests.support.examples import examples
from validator import Catalog, Limits, Severity, UsageError
from validator.report.rule_policy import Policy, codes
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator import Report

USE_CASES = Catalog.load().find("acquire-paid-subscriptions")
SELECTORS = [
    "ALL",
    "UC",
    "TP",
    "TP2",
    "TP20",
    "TP202",
    "UC102",
    "datatype-mismatch",
    "S",
    "SP302",
    "IN",
    "in501",
    "nm4",
]
LEVELS = ["error", "warning", "off"]
SELECTED = st.lists(st.sampled_from(SELECTORS), max_size=4)
LAYERS = st.lists(st.dictionaries(st.sampled_from(SELECTORS), st.sampled_from(LEVELS), max_size=3), max_size=2)


def strength(selector: str, code: str) -> int:
    """How exactly a selector fits a rule; -1: not at all."""
    rule = RULES[code]
    if selector.upper() == "ALL":
        return 0 if rule.on else -1
    if selector == rule.name:
        return len(code)
    return len(selector) if code.startswith(selector.upper()) else -1


@given(SELECTED, SELECTED, LAYERS)
def test_the_longest_selector_counts(select: list[str], ignore: list[str], layers: list[dict[str, str]]) -> None:
    policy = Policy.of(select, ignore, layers)
    for code in RULES:
        chosen = max((strength(s, code) for s in select), default=-1)
        dropped = max((strength(s, code) for s in ignore), default=-1)
        level = None
        for layer in layers:
            fitting = [s for s in layer if strength(s, code) >= 0]
            best = max((strength(s, code) for s in fitting), default=-1)
            levels = {layer[s] for s in fitting if strength(s, code) == best}
            level = policy_level(policy, code) if len(levels) > 1 else levels.pop() if levels else level
        off = chosen <= dropped or level == "off"
        for own in Severity:
            expected = None if off else Severity(level) if level else own
            assert policy.severity(code, own) == expected


def policy_level(policy: Policy, code: str) -> str:
    """Where a code and a name are given two levels, either will do."""
    found = policy.severities.get(code)
    return found.value if found else "off"


@pytest.mark.parametrize(
    ("selector", "says"),
    [("UC12", "unknown rule 'UC12'; did you mean UC102"), ("", "unknown rule"), ("xyzzy", "lists the rules")],
)
def test_a_selector_that_fits_no_rule(selector: str, says: str) -> None:
    builds: tuple[Callable[[str], object], ...] = (
        codes,
        lambda text: Policy.of([text]),
        lambda text: Policy.of(severities=[{text: "off"}]),
    )
    for build in builds:
        with pytest.raises(UsageError, match=says):
            build(selector)


def test_an_unknown_severity() -> None:
    with pytest.raises(UsageError, match="unknown severity 'fatal'; there are error, warning and off"):
        Policy.of(severities=[{"UC101": "fatal"}])


# -------------------------------------------------------------------------------------------------------- on reports

LINES = (SAMPLES / "acquire-paid-subscriptions.flawed.ndjson").read_bytes().splitlines(keepends=True)
PLAIN = check_stream(b"".join(LINES), USE_CASES)
ALONE = [check_stream(line, USE_CASES) for line in LINES]


def judged(report: Report, policy: Policy) -> dict[tuple[Any, ...], tuple[Severity, int]]:
    """The findings that a policy leaves of those of a report, as bad as it has them."""
    found = {}
    for f in report.findings:
        if severity := policy.severity(f.code, f.severity):
            key = (f.code, f.event, f.property, f.instance_location, f.keyword)
            found[key] = (severity, f.count)
    return found


@settings(max_examples=examples(50))
@given(SELECTED, SELECTED, LAYERS, st.sampled_from([1, 4096]))
def test_findings_and_invalid_calls_follow_the_policy(
    select: list[str], ignore: list[str], layers: list[dict[str, str]], deviations: int
) -> None:
    policy = Policy.of(select or ["ALL"], ignore, layers)
    report = check_stream(b"".join(LINES), USE_CASES, policy=policy, limits=Limits(deviations=deviations))
    assert judged(report, Policy()) == judged(PLAIN, policy)
    bad = ("UC102", "TP202")  # the rules about calls that this sample breaks
    invalid = sum(
        any(f.code in bad and policy.severity(f.code, f.severity) is Severity.ERROR for f in alone.findings)
        for alone in ALONE
    )
    assert report.invalid == invalid
    assert report.calls == PLAIN.calls
    assert [u.coverage for u in report.use_cases] == [u.coverage for u in PLAIN.use_cases]


def test_the_sample_has_what_is_needed() -> None:
    assert {f.code for f in PLAIN.findings} >= {"UC101", "UC102", "TP202", "NM401", "SP302", "IN501"}
