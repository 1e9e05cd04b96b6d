"""UC103 and UC104: sources and destinations of an environment that its calls do not show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from validator.report.model import TypesReport
from validator.report.new_finding import new_finding
from validator.rules import RULES
from validator.setup.evidence import Routing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from validator.catalog import UseCase
    from validator.report import Finding, Report
    from validator.report.rule_policy import Policy
    from validator.setup.evidence import Evidence
    from validator.setup.state import Destination, Environment, Source


def with_source_findings(
    report: Report, use_cases: Sequence[UseCase], environment: Environment, evidence: Evidence, policy: Policy
) -> Report:
    """Adds seen source and destination types, and the findings about them, to a report.

    Args:
        report: A report on these use cases, in this order.
        use_cases: The use cases.
        environment: Its sources and destinations.
        evidence: Evidence from the same calls; its declared sources are those of the environment.
        policy: Which rules are used.
    """
    sources = _source_types(environment, evidence)
    destinations = {d.type for d in environment.destinations.values() if _selected(d, evidence)}
    findings = policy.applied(
        [*_unseen_sources(use_cases, environment, evidence), *_unselected(use_cases, environment, evidence)]
    )
    return replace(
        report,
        use_cases=tuple(
            replace(known, sources=_types(u.sources, sources), destinations=_types(u.destinations, destinations))
            for known, u in zip(report.use_cases, use_cases, strict=True)
        ),
        findings=tuple(sorted([*report.findings, *findings], key=_order)),
    )


def _order(finding: Finding) -> tuple[int, str]:
    """Sorts findings in report order; the sort is stable."""
    return finding.severity.rank, finding.code


def _types(recommended: Iterable[str], seen: Iterable[str]) -> TypesReport:
    known = set(seen)
    return TypesReport(
        tuple(t for t in recommended if t in known),
        tuple(t for t in recommended if t not in known),
    )


def _source_types(environment: Environment, evidence: Evidence) -> set[str]:
    declared = {environment.sources[name].type for name in evidence.declared if name in environment.sources}
    return declared | set(evidence.types())


def _seen(source: Source, evidence: Evidence) -> bool:
    return source.name in evidence.declared if source.when else source.type in evidence.types()


def _selected(destination: Destination, evidence: Evidence) -> bool:
    return bool(evidence.destinations.get(destination.integration, Routing()).selected)


def _unseen_sources(use_cases: Sequence[UseCase], environment: Environment, evidence: Evidence) -> Iterator[Finding]:
    unseen = [s for s in environment.sources.values() if not s.confirmed and not _seen(s, evidence)]
    types = _source_types(environment, evidence)
    concerned = [u for u in use_cases if not types & set(u.sources) or any(s.type in u.sources for s in unseen)]
    if not concerned:
        return
    parts = []
    if names := [f"{s.name} ({s.type})" for s in unseen if any(s.type in u.sources for u in concerned)]:
        parts.append(RULES["UC103"].says.say(len(names), names=", ".join(names)))
    if bare := [u for u in concerned if not types & set(u.sources)]:
        wanted = dict.fromkeys(name for u in bare for name in u.sources)
        parts.append(RULES["UC103"].says.say(case="types", types=", ".join(wanted)))
    yield _finding("UC103", "; ".join(parts), concerned)


def _unselected(use_cases: Sequence[UseCase], environment: Environment, evidence: Evidence) -> Iterator[Finding]:
    found = [d for d in environment.destinations.values() if not d.confirmed and not _selected(d, evidence)]
    concerned = [u for u in use_cases if any(d.type in u.destinations for d in found)]
    names = [f"{d.name} ({d.integration})" for d in found if any(d.type in u.destinations for u in concerned)]
    if names:
        yield _finding("UC104", RULES["UC104"].says.say(len(names), names=", ".join(names)), concerned)


def _finding(code: str, message: str, use_cases: Iterable[UseCase]) -> Finding:
    sentence = f"{message[0].upper()}{message[1:]}."
    return new_finding(code, sentence, 0, (), use_cases=tuple(u.id for u in use_cases))
