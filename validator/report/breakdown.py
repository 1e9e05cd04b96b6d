"""The breakdowns of a report: calls and findings for each value of a field."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from validator.engine.count.breakdown import Group, Groups
from validator.model import Severity, pointer_keys
from validator.report.model import Breakdown, GroupFinding, GroupReport
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from validator.engine.compile.program import Program
    from validator.engine.count.profile import Profile
    from validator.engine.judge.violation import Identity
    from validator.engine.lint import Fault
    from validator.report.rule_policy import Policy


class _What(NamedTuple):
    """The identity of findings that are merged."""

    severity: Severity
    code: str
    event: str | None
    property: str | None
    location: str | None
    keyword: str | None


def breakdowns(
    profile: Profile, program: Program, policy: Policy, worst: Mapping[Identity, Severity]
) -> tuple[Breakdown, ...]:
    """One breakdown for each field, in the given order.

    Args:
        profile: What was read.
        program: The compiled plans.
        policy: Which rules are used, and the severities of their findings.
        worst: Identity of a finding -> its severity in the whole report, which applies in each group too.
    """
    levels = defaultdict(lambda: program.unplanned or Severity.WARNING, worst)
    return tuple(_of(field, profile.groups.get(field) or Groups(), policy, levels) for field in program.selection.by)


def _of(field: str, groups: Groups, policy: Policy, levels: Mapping[Identity, Severity]) -> Breakdown:
    ranked = sorted(groups.named, key=lambda value: (-groups.named[value].calls, value is None, value or ""))
    return Breakdown(
        field=field,
        groups=tuple(_report(value, groups.named[value], policy, levels) for value in ranked),
        others=_report(None, groups.others, policy, levels) if groups.others.calls else None,
    )


def _report(value: str | None, group: Group, policy: Policy, levels: Mapping[Identity, Severity]) -> GroupReport:
    found = [(_of_violation(identity, levels[identity]), count) for identity, count in group.findings.items()]
    found += [(_of_fault(fault), count) for fault, count in group.faults.items()]
    counts: Counter[_What] = Counter()
    for what, count in found:
        level = policy.severity(what.code, what.severity)
        if level is not None:
            counts[what._replace(severity=level)] += count
    findings = (GroupFinding(*what[1:], count=count, severity=what.severity) for what, count in _ranked(counts))
    return GroupReport(value, group.calls - group.invalid, group.invalid, tuple(findings))


def _of_violation(identity: Identity, severity: Severity) -> _What:
    code, event, name, location, keyword = identity
    if code == "TP203":
        return _What(severity, code, event or None, name, None, keyword or None)
    return _What(severity, code, event, name, location, keyword or None)


def _of_fault(fault: Fault) -> _What:
    code, location = fault
    keys = pointer_keys(location)
    name = keys[1] if len(keys) > 1 and keys[0] == "properties" else None
    return _What(RULES[code].severity, code, None, name, location or None, None)


def _ranked(counts: Counter[_What]) -> Iterable[tuple[_What, int]]:
    """Sorts by severity, then by count."""
    return sorted(counts.items(), key=lambda item: (item[0].severity.rank, -item[1], [part or "" for part in item[0]]))
