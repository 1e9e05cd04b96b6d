"""A recommendation as one HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.render.guide.page import page
from validator.render.guide.phrases import libraries, listed, to_do, work
from validator.render.guide.recommendation_text import grouped
from validator.render.html_marks import code, covered, text
from validator.render.phrases import count, inputs_name
from validator.render.terminal_style import PLAIN, Style
from validator.report.shares import percent

if TYPE_CHECKING:
    from validator.setup.recommend import Candidate, Recommendation


def render(found: Recommendation, style: Style = PLAIN, *, top: int = 3) -> str:  # noqa: ARG001
    """The ranking, and the first use cases in full."""
    groups = grouped(found.candidates)
    names = libraries(found.evidence)
    head = f"<p>{code(inputs_name(found.report))}: {count(found.report.calls, 'call')}"
    head += f", from {text(', '.join(names))}.</p>" if names else ".</p>"
    rows = "\n".join(map(_row, groups))
    table = (
        '<div class="card pad scroll"><table><thead><tr><th>Use case</th><th class="n">Coverage</th>'
        f'<th class="n">Events</th><th>To do</th></tr></thead>\n<tbody>{rows}</tbody></table></div>'
    )
    sections = [("All use cases, best covered first", table)]
    sections += [(text(group[0].use_case.name), _in_full(group)) for group in groups[:top]]
    return page("What your events can be used for", head, sections)


def _row(group: list[Candidate]) -> str:
    first = group[0]
    seen = len(first.events) - len(first.events_missing)
    goals = " · ".join(text(c.goal_name) for c in group)
    return (
        f'<tr><th scope="row">{text(first.use_case.name)}<div class="small soft">{goals}</div>'
        f'{covered(first.coverage)}</th><td class="n">{text(percent(first.coverage))}</td>'
        f'<td class="n">{seen}/{len(first.events)}</td><td>{to_do(first)}</td></tr>'
    )


def _in_full(group: list[Candidate]) -> str:
    first = group[0]
    steps = "".join(
        f'<div class="step {"done" if e.done else "open"}"><span class="sign" aria-hidden="true">'
        f"{'✓' if e.done else '○'}</span><div><h3>{text(e.event)}</h3><p>{text(work(e))}</p></div></div>"
        for e in first.events
    )
    ways = "".join(
        f"<li>{text(c.goal_name)}: a source of type "
        f"{text(listed([*(f'{s} (seen)' for s in c.sources_seen), *c.sources_unseen], 'or'))}; "
        f"destinations of {text(listed(c.use_case.destinations))}</li>"
        for c in group
    )
    return f'<p class="lead">{text(first.use_case.about)}</p><div class="card">{steps}</div><ul class="pad">{ways}</ul>'
