"""What a report says of single values of a field: how many calls have each, and what is found among them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from validator.engine.groups import Group, Groups
from validator.model import pointer_keys
from validator.report.model import Breakdown, GroupFinding, GroupReport
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.engine.profile import Profile
    from validator.engine.program import Program
    from validator.model import Severity
    from validator.report.policy import Policy


class _What(NamedTuple):
    """What findings that are one in the report have in common."""

    severity: Severity
    code: str
    event: str | None
    property: str | None
    location: str | None
    keyword: str | None


def breakdowns(profile: Profile, program: Program, policy: Policy) -> tuple[Breakdown, ...]:
    """One for each field that was asked for, in that order."""
    return tuple(_of(field, profile.groups.get(field) or Groups(), policy) for field in program.focus.by)


def _of(field: str, groups: Groups, policy: Policy) -> Breakdown:
    ranked = sorted(groups.named, key=lambda value: (-groups.named[value].calls, value is None, value or ""))
    return Breakdown(
        field=field,
        groups=tuple(_report(value, groups.named[value], policy) for value in ranked),
        others=_report(None, groups.others, policy) if groups.others.calls else None,
    )


def _report(value: str | None, group: Group, policy: Policy) -> GroupReport:
    counts: Counter[_What] = Counter()
    for (code, severity, event, name, location, keyword), count in group.findings.items():
        if code == "TP203":
            counts[_What(severity, code, event or None, name, None, keyword or None)] += count
        else:
            counts[_What(severity, code, event, name, location, keyword or None)] += count
    for fault, count in group.faults.items():
        counts[_of_fault(fault)] += count
    weighed: Counter[_What] = Counter()
    for what, count in counts.items():
        level = policy.severity(what.code, what.severity)
        if level is not None:
            weighed[what._replace(severity=level)] += count
    findings = (GroupFinding(*what[1:], count=count, severity=what.severity) for what, count in _ranked(weighed))
    return GroupReport(value, group.calls - group.invalid, group.invalid, tuple(findings))


def _of_fault(fault: str) -> _What:
    code, _, location = fault.partition(" ")
    keys = pointer_keys(location)
    name = keys[1] if len(keys) > 1 and keys[0] == "properties" else None
    return _What(RULES[code].severity, code, None, name, location or None, None)


def _ranked(counts: Counter[_What]) -> Iterable[tuple[_What, int]]:
    """The worst first, and of equally bad ones the commonest."""
    return sorted(counts.items(), key=lambda item: (item[0].severity.rank, -item[1], [part or "" for part in item[0]]))
