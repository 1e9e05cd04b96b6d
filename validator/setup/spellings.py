"""Names in `integrations` of calls that are another spelling of a destination's: they do not reach it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validator.engine.near_miss import NearMisses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.setup.evidence import Evidence
    from validator.setup.state import Destination, Environment

_DIGITS = re.compile(r"[0-9]+")


def other_spellings(environment: Environment, entry: Destination, evidence: Evidence) -> Iterator[tuple[str, int]]:
    """The other spellings by which calls select a destination, each with its number of calls.

    Names of other destinations do not count, nor do names that differ by a digit: Google Analytics 4 is not Google
    Analytics.
    """
    own = {destination.integration for destination in environment.destinations.values()}
    near = NearMisses([entry.integration])
    for name, routing in evidence.destinations.items():
        if name in own or not routing.selected or _DIGITS.findall(name) != _DIGITS.findall(entry.integration):
            continue
        if near.planned(name):
            yield name, routing.selected
