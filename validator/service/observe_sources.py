"""Reads calls once, for both the report and the evidence of sources and destinations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from validator.service.check import run_check
from validator.setup.evidence import Evidence, GatheredEvidence, Watch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.engine.count.profile import Profile
    from validator.report import Report
    from validator.service.request import CheckRequest


class Observation(NamedTuple):
    """A report and the evidence, from one reading."""

    report: Report
    evidence: Evidence


def observe_paths(
    paths: Iterable[str], request: CheckRequest, watch: Watch | None = None, **reading: Any
) -> Observation:
    """Reads files, pipes or devices (`-` is standard input).

    Args:
        paths: What to read, in order.
        request: What to check against.
        watch: What to look for, besides libraries and destinations.
        reading: As `check_paths` takes it.
    """
    watch = watch or Watch()
    checked = run_check(paths, replace(request, evidence=watch), **reading)
    return Observation(checked.report, evidence_in(checked.profile, watch))


def evidence_in(profile: Profile, watch: Watch) -> Evidence:
    """The evidence in a profile."""
    gathered = profile.evidence
    found = gathered.found if isinstance(gathered, GatheredEvidence) else Evidence()
    return found.finish(watch)
