"""`uclint check --sources`: adds findings about the sources and destinations of an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.catalog import Catalog
from validator.errors import UsageError
from validator.service.observe_sources import evidence_in
from validator.setup.evidence import Watch
from validator.setup.read_setup import read_setup
from validator.setup.source_findings import with_source_findings
from validator.setup.state import FILE, Env

if TYPE_CHECKING:
    from validator.catalog import UseCase
    from validator.engine.count.profile import Profile
    from validator.report import Report
    from validator.report.rule_policy import Policy
    from validator.setup.state import Environment


class CheckedSources:
    """Gathers evidence of sources and destinations during a check."""

    def __init__(self, environment: Environment, use_cases: tuple[UseCase, ...]) -> None:
        self.environment = environment
        self.use_cases = use_cases
        self.watch = Watch(
            {s.name: s.when for s in environment.sources.values() if s.when},
            frozenset(d.integration for d in environment.destinations.values()),
        )

    def added_to(self, report: Report, profile: Profile, policy: Policy) -> Report:
        """Adds the findings to the report."""
        return with_source_findings(report, self.use_cases, self.environment, evidence_in(profile, self.watch), policy)


def checked_sources_of(environment: str, use_cases: tuple[UseCase, ...], catalog: Catalog | None) -> CheckedSources:
    """Gathers evidence for an environment.

    Raises:
        UsageError: The setup has no sources or destinations for it.
    """
    env = Env(environment)
    ids = [use_case.id for use_case in (catalog or Catalog.load()).use_cases]
    here = read_setup(FILE, ids)[0].env(env)
    if not (here.sources or here.destinations):
        raise UsageError(f"{FILE} has no sources or destinations of {env.value} to look for; uclint init adds them")
    return CheckedSources(here, use_cases)
