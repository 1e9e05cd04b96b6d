"""A recommendation for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator._version import __version__
from validator.render.guide.phrases import libraries, listed, selected, to_do, work
from validator.render.phrases import count, inputs_name, size
from validator.render.terminal_style import PLAIN, Style, fit, wrap
from validator.report.shares import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.setup.recommend import Candidate, Recommendation

ROOMY = 60


def render(found: Recommendation, style: Style = PLAIN, *, top: int = 3) -> str:
    """The ranking, and the first use cases in full."""
    groups = grouped(found.candidates)
    parts = [_header(found, style), _ranking(groups, style)]
    parts += [_in_full(number, group, style) for number, group in enumerate(groups[:top], 1)]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def grouped(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Groups a use case that several goals have: its events are the same."""
    groups: dict[tuple[object, ...], list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault((candidate.use_case.slug, candidate.events), []).append(candidate)
    return list(groups.values())


def _header(found: Recommendation, style: Style) -> Iterator[str]:
    report, dot = found.report, style.pick(" · ", ", ")
    read = sum(i.bytes for i in report.inputs)
    name = style.text(inputs_name(report))
    title = [f"{style.paint('uclint', 'bold')} {__version__}", name, size(read), count(report.calls, "call")]
    yield from wrap(dot.join(title), style)
    if names := libraries(found.evidence):
        yield from wrap(f"from: {style.text(', '.join(names))}", style, 6)
    if names := selected(found.evidence):
        yield from wrap(f"to, by name: {style.text(', '.join(names))}", style, 6)


def _ranking(groups: list[list[Candidate]], style: Style) -> Iterator[str]:
    roomy = style.width >= ROOMY
    bar, last = (12, 25) if roomy else (4, 0)
    yield style.paint(f"{'Coverage':<{bar + 5}}  Events  {'To do':<{last}}"[: bar + last + 15] + "Use case", "bold")
    room = style.width - bar - last - 15
    for group in groups:
        first = group[0]
        seen = len(first.events) - len(first.events_missing)
        goals = f" ({len(group)} goals)" if len(group) > 1 else ""
        name = fit(style.text(first.use_case.name), max(room - len(goals), 1), style.pick("…", "...")).rstrip()
        share = style.paint(f"{percent(first.coverage):>4}", look(first.coverage))
        events = f"{seen}/{len(first.events)}"
        take = f"{to_do(first):<{last}}" if roomy else ""
        yield f"{style.bar(first.coverage, bar)} {share}  {events:>6}  {take}{name}{style.paint(goals, 'dim')}"


def _in_full(number: int, group: list[Candidate], style: Style) -> Iterator[str]:
    first = group[0]
    title = f"{number}. {style.text(first.use_case.name)}, {percent(first.coverage)} covered"
    yield from (style.paint(line, "bold") for line in wrap(title, style, 3))
    yield from wrap(f"   {style.text(first.use_case.about)}", style, 3)
    for event in first.events:
        mark = style.pick("✓", "+") if event.done else style.pick("○", "-")
        yield from wrap(f"   {mark} {style.text(f'{event.event}, {work(event)}')}", style, 5)
    for candidate in group:
        yield from wrap(f"   For the goal {style.text(candidate.goal_name)}:", style, 5)
        yield from wrap(f"     source, one of: {_sources(candidate)}", style, 7)
        yield from wrap(f"     destinations, of: {', '.join(candidate.use_case.destinations)}", style, 7)
        yield from wrap(f"     start: uclint init -u {candidate.use_case.id}", style, 7)


def _sources(candidate: Candidate) -> str:
    seen = [f"{name} (seen)" for name in candidate.sources_seen]
    return listed([*seen, *candidate.sources_unseen], "or")


def look(share: float) -> str:
    """The colour of a share."""
    return "green" if share == 1 else "yellow" if share >= 0.5 else "red"
