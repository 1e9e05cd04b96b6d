"""Estimates the cost of a pattern by reading it: the number of states a search may be in."""

from __future__ import annotations

import re
from functools import lru_cache

_ELEMENT = (
    r"\\[pPxu]\{[^}]*\}|\\."
    r"|\[\^?\]?(?:\\.|[^\]\\])*\]"
    r"|\((?:\?(?:P?<[A-Za-z_][^>]*>|[a-z-]*:|<?[=!]))?"
    r"|\{(?P<least>[0-9]{1,9})(?:,(?P<most>[0-9]{0,9}))?\}[?+]?"
    r"|."
)
_REPEATS = frozenset("*+?|^$")

# The compiled size is limited, so no pattern that runs weighs this much.
_MOST = 1 << 20


@lru_cache(maxsize=4096)
def weight_of(pattern: str) -> int:
    """The number of characters and classes of a pattern, multiplied by counted repetitions; at least 1."""
    groups, last = [0], 0
    for token in re.finditer(_ELEMENT, pattern, re.DOTALL):
        text = token.group()
        if token["least"]:
            times = max(int(token["most"] or 0), int(token["least"]))
            groups[-1] += last * (times - 1)
        elif text.startswith("("):
            groups.append(0)
            continue
        elif text == ")" and len(groups) > 1:
            last = groups.pop()
            groups[-1] += last
        elif text not in _REPEATS:
            last = 1
            groups[-1] += 1
        groups[-1] = min(groups[-1], _MOST)
    return max(1, min(sum(groups), _MOST))
