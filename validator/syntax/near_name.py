"""Suggests known names similar to a wrong one."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LONGEST = 200
_MOST = 300  # comparing more would take long if many names are wrong

# Shortest part of a name that counts as a match.
_SHORTEST_PART = 3


def nearest(wrong: str, names: Mapping[str, str] | Iterable[str]) -> list[str]:
    """The known names most similar to a wrong one, at most three; if there are none, those that contain it.

    Args:
        wrong: The wrong name.
        names: The known names, or a mapping of them to their display names, which are then compared too.
    """
    pairs = names.items() if hasattr(names, "items") else ((name, name) for name in names)
    known: dict[str, str] = {}
    for name, human in islice((pair for pair in pairs if len(pair[0]) <= _LONGEST), _MOST):
        known.setdefault(name.casefold(), name)
        known.setdefault(human.casefold(), name)
    written = wrong[:_LONGEST].strip().casefold()
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes need it

    matches = get_close_matches(written, known, n=6, cutoff=0.7)
    if not matches and len(written) >= _SHORTEST_PART:
        matches = [name for name in known if written in name]
    return list(dict.fromkeys(known[match] for match in matches))[:3]
