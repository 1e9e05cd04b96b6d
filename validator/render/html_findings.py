"""The HTML section on findings: what is wrong, where, why it matters and how to fix it, by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.render.html_marks import attribute, code, prose, sentence, text
from validator.render.phrases import by_share, count, input_name, position, where
from validator.report.model import Status
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.model import Place, Severity
    from validator.report import Finding, Report

# A longer page would be slow, and nobody would read it.
MOST_FINDINGS = 2_000

# With more findings than this, only the first of each rule are unfolded.
FEW = 30
UNFOLDED = 5

# Fixed findings shown.
MOST_FIXED = 200

# Use cases named with a finding; the others are counted.
MOST_NAMES = 3


def findings(report: Report) -> str:
    """All findings, grouped by severity and rule; those that concern the largest share of their calls first."""
    if not report.findings:
        return '<p class="card none">Nothing was found. What was read is as it should be.</p>\n'
    shown = by_share(report)[:MOST_FINDINGS]
    names = {u.id: u.name for u in report.use_cases}
    groups: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in shown:
        groups.setdefault((finding.severity, finding.code), []).append(finding)
    more = len(report.findings) - len(shown)
    rest = f'<p class="soft">{count(more, "further finding")} left out here; the JSON report has all.</p>\n'
    most = UNFOLDED if len(shown) > FEW else FEW
    rules = "".join(_rule(code, found, report, names, most) for (_, code), found in groups.items())
    return f"{_filter(shown)}{rules}{rest if more else ''}"


def fixed(report: Report) -> str:
    """Findings of the baseline that are fixed."""
    if not (report.baseline and report.baseline.fixed):
        return ""
    found, path = report.baseline.fixed, report.baseline.path
    items = "".join(
        f'<li><span class="soft">{known.code} {_rule_name(known.code)}</span> '
        f"{': '.join(code(name) for name in (known.event, known.property) if name)}</li>\n"
        for known in found[:MOST_FIXED]
    )
    more = len(found) - MOST_FIXED
    rest = f'<p class="soft small">{more:,} more left out here; the JSON report has all.</p>' if more > 0 else ""
    lead = f"The baseline {code(path)} has these findings, which are fixed. "
    lead += "<code>--write-baseline</code> takes them out of it."
    return f'<p class="lead">{lead}</p>\n<div class="card pad"><ul class="fixed">\n{items}</ul>{rest}</div>\n'


def _rule_name(code: str) -> str:
    return RULES[code].name if code in RULES else ""


def _filter(shown: Sequence[Finding]) -> str:
    rules = dict.fromkeys(sorted(f.code for f in shown))
    options = "".join(f'<option value="{c}">{c} {RULES[c].name}</option>' for c in rules)
    status = _statuses(shown)
    return (
        f'<div class="card{" four" if status else ""}" id="filter" role="search" aria-label="Findings" hidden>'
        '<div><label for="search">Search events, properties, files (press /)</label>'
        '<input id="search" type="search" autocomplete="off" spellcheck="false"></div>'
        '<div><label for="severity">Severity</label><select id="severity"><option value="">All</option>'
        '<option value="error">Errors</option><option value="warning">Warnings</option></select></div>'
        f'<div><label for="rule">Rule</label><select id="rule"><option value="">All</option>{options}</select></div>'
        f'{status}<output id="said" for="search severity rule{" status" if status else ""}"></output></div>\n'
    )


def _statuses(shown: Sequence[Finding]) -> str:
    """The filter by status, if there is a baseline; the page starts with open findings if there are any."""
    if not any(f.status for f in shown):
        return ""
    chosen = " selected" if any(f.status is not Status.KNOWN for f in shown) else ""
    return (
        '<div><label for="status">Baseline</label><select id="status"><option value="">All</option>'
        f'<option value="open"{chosen}>New and grown</option><option value="known">Known</option></select></div>'
    )


def _rule(code: str, found: list[Finding], report: Report, names: dict[str, str], most: int) -> str:
    rule = RULES[code]
    severity = found[0].severity.value
    items = "".join(_finding(finding, report, names) for finding in found[:most])
    rest = ""
    if more := found[most:]:
        inside = "".join(_finding(finding, report, names) for finding in more)
        summary = f"<summary>{count(len(more), 'further finding')}</summary>"
        rest = f'<details class="more">{summary}<ul>\n{inside}</ul></details>'
    return (
        f'<section class="card rule"><div class="pad"><div>'
        f'<span class="badge {severity}">{severity.capitalize()}</span><h3>{code} {rule.name}</h3>'
        f'<span class="soft small count">{count(len(found), "finding")}</span></div>\n'
        f'<div class="advice"><p><b>What to do</b> {prose(rule.fix)}</p><p class="soft"><b>Why it matters</b> '
        f"{prose(rule.why)}</p></div>\n<ul>\n{items}</ul>{rest}</div></section>\n"
    )


def _finding(finding: Finding, report: Report, names: dict[str, str]) -> str:
    data = {
        "code": finding.code,
        "severity": finding.severity.value,
        "event": finding.event,
        "property": finding.property,
        "count": str(finding.count),
        "status": finding.status and finding.status.value,
    }
    attributes = "".join(f' data-{key}="{attribute(value)}"' for key, value in data.items() if value is not None)
    badge = f'<span class="badge {finding.status.value}">{finding.status.value}</span> ' if finding.status else ""
    grown = ""
    if finding.status is Status.GROWN and (known := finding.known):
        grown = f' <span class="soft">The baseline has {known.count:,} of {known.of:,}.</span>'
    body = f"<p>{badge}{sentence(finding)}{grown}</p>{_concerned(finding, names)}{_places(finding, report)}"
    return f'<li class="finding"{attributes}>{body}</li>\n'


def _concerned(finding: Finding, names: dict[str, str]) -> str:
    """The use cases and plans concerned, if the report has several."""
    concerned = list(dict.fromkeys(names.get(u, u) for u in finding.use_cases)) + list(finding.plans)
    if not concerned or (len(set(names.values())) == 1 and not finding.plans):
        return ""
    more = f" and {len(concerned) - MOST_NAMES} more" if len(concerned) > MOST_NAMES else ""
    return f'<p class="soft small">Concerns {", ".join(map(text, concerned[:MOST_NAMES]))}{more}</p>'


def _places(finding: Finding, report: Report) -> str:
    if not finding.places:
        return ""
    first, *others = finding.places
    summary = code(where(first, report))
    if finding.count > 1:
        summary += f" and {finding.count - 1:,} more"
    path = ""
    rows = []
    for place in (first, *others):
        own = report.inputs[place.input].path
        rows.append(_place(place, own, shown=own != path))
        path = own
    head = '<tr><th scope="col">Place</th><th scope="col" class="n">Byte</th><th scope="col">messageId</th></tr>'
    table = f'<div class="scroll"><table><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table></div>'
    return f"<details><summary>At {summary}</summary>{table}</details>"


def _place(place: Place, path: str, *, shown: bool) -> str:
    name = (input_name(path) if shown else "") + position(place)
    identity = code(place.message_id) if place.message_id else '<span class="soft">none</span>'
    return f'<tr><td>{code(name)}</td><td class="n">{place.byte:,}</td><td>{identity}</td></tr>'
