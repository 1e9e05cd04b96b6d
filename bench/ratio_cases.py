"""What `python -m bench ratios` measures, and what is aimed at."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """Lines, and what they are checked by.

    Attributes:
        name: As the table has it.
        kind: The kind of stream.
        plans: How many use cases; 0 for the stream's own plan.
        goal: What the ratio should be at least; 0 where nothing is asked.
        pure_goal: The same without the native core.
        lint: Whether the lint rules that are on by default are on.
        events: How many events traffic has.
    """

    name: str
    kind: str
    plans: int = 25
    goal: float = 0
    pure_goal: float = 0
    lint: bool = True
    events: int = 40


CASES = (
    Case("plain, 25 use cases", "plain", goal=3.5, pure_goal=0.95),
    Case("hard, 25", "hard", goal=3.0, pure_goal=0.8),
    Case("traffic, own plan", "traffic", plans=0, goal=2.5, pure_goal=0.55),
    Case("traffic, 25", "traffic", goal=3.0, pure_goal=0.9),
    Case("24 optional properties", "optional", plans=0, goal=2.5, pure_goal=0.6),
    Case("flawed, 25", "flawed", goal=1.5, pure_goal=0.35),
)
MORE = (
    Case("plain, 1", "plain", plans=1),
    Case("plain, 200", "plain", plans=200),
    Case("plain, 25, no lint", "plain", lint=False),
    Case("traffic, own plan, no lint", "traffic", plans=0, lint=False),
    Case("500 events, own plan", "traffic", plans=0, events=500),
    Case("500 events, 25", "traffic", events=500),
)


class Relation(NamedTuple):
    """How the times of two cases for the same lines should compare.

    Attributes:
        name: What it says.
        one: The case whose time is divided.
        other: By that of this case.
        most: What the quotient should be at most.
    """

    name: str
    one: str
    other: str
    most: float


RELATIONS = (
    Relation("25 use cases / 1", "plain, 25 use cases", "plain, 1", 1.1),
    Relation("200 use cases / 1", "plain, 200", "plain, 1", 1.3),
    Relation("a 500-event plan / 25 use cases", "500 events, own plan", "500 events, 25", 1.11),
    Relation("lint / no lint, plain", "plain, 25 use cases", "plain, 25, no lint", 1.15),
    Relation("lint / no lint, traffic", "traffic, own plan", "traffic, own plan, no lint", 1.15),
)
