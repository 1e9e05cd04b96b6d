"""Shares in words: never rounded to something they are not."""

from __future__ import annotations


def percent(share: float) -> str:
    """A share in whole percent; `<1%` and `>99%` where rounding would hide the rest."""
    if 0 < share < 0.01:
        return "<1%"
    if 0.99 < share < 1:
        return ">99%"
    return f"{round(share * 100)}%"


def below(share: float, least: float) -> tuple[str, str]:
    """A share and the higher one that it should have, with as many decimals as tell them apart."""
    for decimals in range(1, 16):
        both = f"{share:.{decimals}%}", f"{least:.{decimals}%}"
        hidden = share > 0 and float(both[0][:-1]) == 0
        if both[0] != both[1] and not hidden:
            return both
    return both
