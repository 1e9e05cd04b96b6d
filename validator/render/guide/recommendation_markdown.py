"""A recommendation as Markdown, for an issue or a wiki page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator._version import __version__
from validator.render.guide.markdown_marks import code, text
from validator.render.guide.phrases import libraries, listed, to_do, work
from validator.render.guide.recommendation_text import grouped
from validator.render.phrases import count, inputs_name
from validator.render.terminal_style import PLAIN, Style
from validator.report.shares import percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.setup.recommend import Candidate, Recommendation


def render(found: Recommendation, style: Style = PLAIN, *, top: int = 3) -> str:  # noqa: ARG001
    """The ranking, and the first use cases in full."""
    groups = grouped(found.candidates)
    parts = ["\n".join(_head(found)), "\n".join(_ranking(groups))]
    parts += ["\n".join(_in_full(number, group)) for number, group in enumerate(groups[:top], 1)]
    return "\n\n".join(parts) + "\n"


def _head(found: Recommendation) -> Iterator[str]:
    report = found.report
    yield "### Use cases your events cover best"
    yield ""
    yield f"Read {code(inputs_name(report))}: {count(report.calls, 'call')}. uclint {__version__}"
    if names := libraries(found.evidence):
        yield f"From {text(', '.join(names))}."


def _ranking(groups: list[list[Candidate]]) -> Iterator[str]:
    yield "| coverage | events seen | to do | use case | goals |"
    yield "|---:|---:|---|---|---|"
    for group in groups:
        first = group[0]
        seen = len(first.events) - len(first.events_missing)
        goals = "; ".join(text(c.goal_name) for c in group)
        name = text(first.use_case.name)
        yield f"| {text(percent(first.coverage))} | {seen} of {len(first.events)} | {to_do(first)} | {name} | {goals} |"


def _in_full(number: int, group: list[Candidate]) -> Iterator[str]:
    first = group[0]
    yield f"#### {number}. {text(first.use_case.name)}"
    yield ""
    yield text(first.use_case.about)
    yield ""
    for event in first.events:
        yield f"- [{'x' if event.done else ' '}] {text(event.event)}, {text(work(event))}"
    yield ""
    for candidate in group:
        sources = listed([*(f"{name} (seen)" for name in candidate.sources_seen), *candidate.sources_unseen], "or")
        destinations = listed(candidate.use_case.destinations)
        goal = text(candidate.goal_name)
        yield f"- {goal}: a source of type {text(sources)}; destinations of {text(destinations)}"
