"""Phrases shared by renderers: counts, sizes, places, and grouped use cases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validator.model import LineClass, Severity
from validator.report.finding_totals import total_of
from validator.report.model import Status, TypesReport
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from validator.model import Place
    from validator.report import Finding, PlanReport, Report, UseCaseReport, Verdict
    from validator.rules import Rule

HOME = "https://github.com/uclint/uclint"

LINE_CLASSES: Mapping[LineClass, tuple[str, str]] = {
    LineClass.CALL: ("call", "calls"),
    LineClass.BATCH: ("batch", "batches"),
    LineClass.BLANK: ("blank", "blank"),
    LineClass.MALFORMED: ("malformed", "malformed"),
    LineClass.NOT_OBJECT: ("not an object", "not objects"),
    LineClass.TOO_LONG: ("too long", "too long"),
    LineClass.TOO_DEEP: ("too deep", "too deep"),
}


def count(number: int, what: str) -> str:
    """A number with its noun, such as `1 call` and `2 calls`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def unnamed(report: Report) -> str:
    """Counts the uses of unplanned names that were too many to keep, so are in no finding; empty if there are none."""
    if report.unnamed is None:
        return ""
    uncounted = [(report.unnamed.events, "call", "events"), (report.unnamed.properties, "use", "properties")]
    parts = [f"{count(number, what)} of further {names}" for number, what, names in uncounted if number]
    return f"{' and '.join(parts)} that no plan knows, beyond the names that are kept (--max-names)"


def size(number: int) -> str:
    """A number of bytes, such as `23.1 kB`."""
    if number < 1000:
        return count(number, "byte")
    power = min((len(str(number)) - 1) // 3, 4)
    return f"{number / 1000**power:,.1f} {('kB', 'MB', 'GB', 'TB')[power - 1]}"


def input_name(path: str) -> str:
    """The name of an input, not escaped yet."""
    return "standard input" if path == "-" else path


def inputs_name(report: Report) -> str:
    """The name of the only input, or the number of inputs."""
    return input_name(report.inputs[0].path) if len(report.inputs) == 1 else count(len(report.inputs), "input")


def position(place: Place) -> str:
    """Where in its input a call starts: `:line`, and `[index]` inside a batch or an array."""
    return f":{place.line}" + (f"[{place.position}]" if place.position >= 0 else "")


def where(place: Place, report: Report) -> str:
    """Where a call starts: `path:line[index]`."""
    return input_name(report.inputs[place.input].path) + position(place)


def lines(report: Report) -> list[str]:
    """The count of lines of each class that occurs."""
    return [f"{n:,} {LINE_CLASSES[c][n != 1]}" for c, n in report.lines.items() if n]


def types(report: Report) -> list[str]:
    """The count of calls of each type that occurs."""
    return [f"{n:,} {kind}" for kind, n in report.types.items() if n]


def planned(plan: PlanReport) -> str:
    """The calls of a plan: planned, valid, invalid and unplanned."""
    return f"{plan.planned:,} planned ({plan.valid:,} valid, {plan.invalid:,} invalid), {plan.unplanned:,} unplanned"


def by_share(report: Report) -> list[Finding]:
    """Sorts findings for readers: by severity, those that concern the largest share of their calls first.

    Findings about something never seen come last: the coverage at the start of a report already shows them.
    """
    return sorted(report.findings, key=lambda finding: (finding.severity.rank, -_share(finding, report)))


def _share(finding: Finding, report: Report) -> float:
    """The share of its calls, lines or inputs that a finding concerns; 0 if something was never seen."""
    return min(finding.count / max(total_of(finding, report), 1), 1.0)


def severities(report: Report) -> dict[Severity, int]:
    """The count of findings of each severity."""
    return {s: sum(f.severity is s for f in report.findings) for s in Severity}


def outcome(verdict: Verdict) -> str:
    """PASS or FAIL."""
    return "FAIL" if verdict.exit_code else "PASS"


def clip(text: str, limit: int) -> str:
    """The text, cut where it is longer than `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def message_of(finding: Finding) -> str:
    """The message of a finding, with its baseline status if there is one: `new: ...`."""
    status = f"{finding.status.value}: " if finding.status else ""
    if finding.status is Status.GROWN and (known := finding.known):
        return f"{status}{finding.message} The baseline has {known.count:,} of {known.of:,}."
    return status + finding.message


def unfit(event: str, name: str, findings: Iterable[Finding]) -> str:
    """What is wrong with a present property, such as `wrong type`, if all its findings agree."""
    brief = {RULES[f.code].brief for f in findings if (f.event, f.property) == (event, name)} - {""}
    return brief.pop() if len(brief) == 1 else "not valid"


def sources_and_destinations(*use_cases: UseCaseReport) -> list[tuple[str, TypesReport]]:
    """The source and destination types that any of them recommends, if they were looked for."""
    both = (("Sources", [u.sources for u in use_cases]), ("Destinations", [u.destinations for u in use_cases]))
    return [(name, _together(found)) for name, each in both if (found := [f for f in each if f is not None])]


def _together(found: Sequence[TypesReport]) -> TypesReport:
    seen = dict.fromkeys(kind for types in found for kind in types.seen)
    missing = dict.fromkeys(kind for types in found for kind in types.missing)
    return TypesReport(tuple(seen), tuple(missing))


def names_of(finding: Finding) -> set[str]:
    """The names from events and plans that a message may contain."""
    return {name for name in (finding.event, finding.property) if name}


def split_at_names(text: str, names: Iterable[str]) -> list[str]:
    """Splits a text at names; every second part is a name."""
    inside = sorted((name for name in names if name.strip() and name in text), key=len, reverse=True)
    wanted = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in inside)
    return re.split(f"({wanted})", text) if wanted else [text]


def rule_address(rule: Rule) -> str:
    """The web address of a rule's documentation."""
    return f"{HOME}/blob/main/docs/rules.md#{rule.code.lower()}-{rule.name}"


def grouped(use_cases: Iterable[UseCaseReport]) -> list[list[UseCaseReport]]:
    """Groups a use case that several goals have: its numbers are the same."""
    groups: dict[tuple[object, ...], list[UseCaseReport]] = {}
    for use_case in use_cases:
        shown = (use_case.use_case, use_case.events, use_case.sources, use_case.destinations)
        groups.setdefault(shown, []).append(use_case)
    return list(groups.values())


def ranked(groups: Iterable[list[UseCaseReport]]) -> list[list[UseCaseReport]]:
    """Sorts groups by coverage, best first."""
    return sorted(groups, key=lambda group: (-group[0].coverage, group[0].name))
