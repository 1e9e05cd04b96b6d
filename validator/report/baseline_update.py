"""Updates a baseline after a run that may have covered less than what it was written from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from validator.report.baseline_data import (
    NEVER_SEEN,
    FiledFinding,
    Known,
    KnownInput,
    adds_up,
    identity_of,
    share_of,
    totals_of_inputs,
)

if TYPE_CHECKING:
    from validator.report.baseline_data import Extent
    from validator.report.finding_totals import Totals
    from validator.report.model import Report
    from validator.report.rule_policy import Policy


def renew(old: Known, new: Known, report: Report, policy: Policy, extent: Extent) -> tuple[Known, int]:
    """What is known after a run, and the number of findings kept that it did not look for.

    Args:
        old: What was known.
        new: What the run found.
        report: The report of the run.
        policy: Its policy.
        extent: What it read.
    """
    whole = old.is_whole(report, extent)
    joined = bool(extent.unread) and old.by_input and new.by_input
    inputs = new.inputs
    if not whole:
        inputs = _with_known_events(inputs, old)
        if joined:
            inputs = _sorted([*inputs, *(one for one in old.inputs if one.path in extent.unread)])
        elif extent.unread:
            inputs = tuple(KnownInput(path=path) for path in sorted({*extent.read, *extent.unread}))
        new = replace(
            new,
            use_cases=tuple(sorted({*old.use_cases, *new.use_cases})),
            plans=tuple(sorted({*old.plans, *new.plans})),
            inputs=inputs,
        )
    totals = totals_of_inputs(inputs) if joined else None
    table = {identity_of(known): known for known in new.findings}
    kept = 0
    for known in old.findings:
        identity = identity_of(known)
        if identity in table:
            table[identity] = _both(known, table[identity], extent, totals)
        elif left := known if known.code in policy.off else None if whole else _left(known, extent, totals):
            table[identity] = left
            kept += 1
    findings = [known for _, known in sorted(table.items()) if not _answered(known, totals)]
    findings = [_counted(known, totals) for known in findings]
    return replace(new, findings=tuple(findings)), kept


def _with_known_events(inputs: tuple[KnownInput, ...], old: Known) -> tuple[KnownInput, ...]:
    """Inputs with the events that only an earlier run looked for, if they still hold the same."""
    before: dict[tuple[str, str | None], dict[str, int]] = {
        (one.path, one.sha256): one.events for one in old.inputs if one.sha256
    }
    return tuple(replace(one, events={**before.get((one.path, one.sha256), {}), **one.events}) for one in inputs)


def _sorted(inputs: list[KnownInput]) -> tuple[KnownInput, ...]:
    return tuple(sorted(inputs, key=lambda one: one.path))


def _both(old: FiledFinding, new: FiledFinding, extent: Extent, totals: Totals | None) -> FiledFinding:
    """A finding that was known, and was found again in some of the inputs."""
    if not extent.unread:
        return new
    if totals is None or not adds_up(new):
        return max(new, old, key=share_of)  # in some of the inputs, a smaller share says nothing about all
    unread = {path: count for path, count in old.inputs.items() if path in extent.unread}
    return replace(new, inputs=dict(sorted({**new.inputs, **unread}.items())))


def _left(known: FiledFinding, extent: Extent, totals: Totals | None) -> FiledFinding | None:
    """What is left of a finding that was not found again; None if it was in the inputs that were read."""
    if totals is None or not adds_up(known):
        return known
    unread = {path: count for path, count in known.inputs.items() if path in extent.unread}
    return replace(known, inputs=unread) if unread else None


def _answered(known: FiledFinding, totals: Totals | None) -> bool:
    """Whether another input has the event that was not seen."""
    return totals is not None and known.code in NEVER_SEEN and bool(totals.events.get(known.event or ""))


def _counted(known: FiledFinding, totals: Totals | None) -> FiledFinding:
    """A finding with the sum of what its inputs have."""
    if totals is None or not adds_up(known):
        return known
    count: dict[str, int] = known.inputs
    return replace(known, count=sum(count.values()), of=totals.of(known.code, known.event))
