"""The report of `--watch` in a few lines: what is new, what is gone, and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.render.phrases import count, inputs_name
from validator.render.terminal_style import PLAIN, Style, wrap
from validator.render.text import closing_lines, finding_lines, inert
from validator.report.fingerprints import fingerprints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.report import Finding, Report, Verdict

# Findings beyond this are only counted.
MOST = 20


def render_short(report: Report, verdict: Verdict, style: Style = PLAIN, before: Report | None = None) -> str:
    """The findings and the verdict; with a previous report, only the findings that changed since."""
    return inert("".join(line + "\n" for line in _lines(report, verdict, style, before)))


def _lines(report: Report, verdict: Verdict, style: Style, before: Report | None) -> Iterator[str]:
    then, now = _by_fingerprint(before), _by_fingerprint(report)
    changed = [finding for name, finding in now.items() if name not in then or then[name].message != finding.message]
    for finding in changed[:MOST]:
        yield from finding_lines(finding, report, style)
    if len(changed) > MOST:
        yield from wrap(f"... and {count(len(changed) - MOST, 'further finding')}", style, 4)
    for finding in [finding for name, finding in then.items() if name not in now][:MOST]:
        yield from wrap(f"gone    {finding.code}  {style.text(finding.message)}", style, 15)
    if same := len(now) - len(changed):
        yield f"{count(same, 'finding')} as before"
    yield from closing_lines(verdict, style)
    calls = f"{count(report.calls, 'call')} in {style.text(inputs_name(report))}"
    yield from wrap(f"      {calls}: {report.valid:,} valid, {report.invalid:,} invalid", style, 6)


def _by_fingerprint(report: Report | None) -> dict[str, Finding]:
    return dict(zip(fingerprints(report.findings), report.findings, strict=True)) if report else {}
