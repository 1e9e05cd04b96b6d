"""The kinds of stream there are, each with its plan and with what is true of it.

| kind | what it is |
|---|---|
| plain | flawless calls of the shop, uniform: the same properties in the same order |
| hard | the same with text beyond ASCII, escapes, shuffled keys and an envelope of which parts may be missing |
| traffic | 40 events with 6 to 30 properties, most optional, from several SDKs, 2% of them flawed; with its own plan |
| flawed | calls of the shop, every second flawed at random, each in a combination of its own |
| optional | one event with 24 optional properties, each in half of the calls, all valid; with its own plan |
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from samples.flawed import flawed
from samples.generate import endless
from samples.team_plan import EVENTS, optional_event, plan_json, team_events
from samples.traffic import slim, traffic
from samples.truth import Truth

KINDS: Final = ("plain", "hard", "traffic", "flawed", "optional")
PLAN_SEED: Final = 1
"""The team's plan is the same whatever the seed of its calls."""


class Stream(NamedTuple):
    """Lines without end, and what is known about them.

    Attributes:
        lines: The lines, each with its LF.
        plan: The tracking plan they are made for, with rules in Segment's form; None where it is the use cases.
        truth: What was counted of the lines handed out so far; nothing for plain and hard ones, which have no flaws.
    """

    lines: Iterator[bytes]
    plan: dict[str, Any] | None
    truth: Truth


def stream(
    kind: str, seed: int, *, events: int = len(EVENTS), optional: int = 24, flaws: float | None = None
) -> Stream:
    """A stream of one of the kinds.

    Args:
        kind: One of `KINDS`.
        seed: The same seed gives the same lines.
        events: How many events traffic has.
        optional: How many properties the event of an optional stream has.
        flaws: The share of flawed calls, in traffic (0.02) and flawed streams (0.5).

    Raises:
        ValueError: There is no such kind.
    """
    truth = Truth()
    if kind == "traffic":
        team = team_events(PLAN_SEED, events)
        share = 0.02 if flaws is None else flaws
        return Stream(traffic(seed, team, truth, flaws=share), plan_json("Team", team), truth)
    if kind == "optional":
        one = optional_event(optional)
        return Stream(slim(seed, one, truth), plan_json("Optional", one), truth)
    if kind == "flawed":
        return Stream(flawed(seed, truth, share=0.5 if flaws is None else flaws), None, truth)
    if kind in KINDS:
        return Stream(endless(seed, hard=kind == "hard"), None, truth)
    raise ValueError(f"no kind of stream is called {kind!r}; there are: {', '.join(KINDS)}")
