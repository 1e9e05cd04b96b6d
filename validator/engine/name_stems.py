"""The words of an event name without what people vary: tense, number, order, and who does it."""

from __future__ import annotations

from typing import Final

from validator.lazy_pattern import LazyPattern

_WORD: Final = LazyPattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

# Longer names are sentences, or made of values.
_MOST_WORDS: Final = 8

# Words for the user add nothing to an event name, and neither do articles.
_DROPPED: Final = frozenset(["a", "an", "customer", "event", "the", "user"])

_SAME: Final = {
    "app": "application",
    "bought": "buy",
    "chosen": "choose",
    "info": "information",
    "login": "log in",
    "logout": "log out",
    "lost": "lose",
    "paid": "pay",
    "read": "read",
    "sent": "send",
    "signin": "sign in",
    "signout": "sign out",
    "signup": "sign up",
    "sold": "sell",
    "went": "go",
    "won": "win",
}
_VOWELS: Final = frozenset("aeiouy")
_SHORTEST: Final = 3
_SHORTEST_NAME: Final = 6


def stems_of(name: str) -> tuple[str, ...]:
    """The stems of a name's words, sorted; empty where it has fewer than two words, or is not in English letters."""
    if len(name) < _SHORTEST_NAME or not name.isascii():
        return ()
    words = " ".join(_SAME.get(word, word) for word in map(str.lower, _WORD.findall(name))).split()
    kept = [word for word in words if word not in _DROPPED]
    return tuple(sorted(map(stem, kept))) if 1 < len(kept) <= _MOST_WORDS else ()


def stem(word: str) -> str:
    """A word without its ending: `start` of started, starts and starting."""
    word = _SAME.get(word, word)
    for ending in ("ing", "ied", "ies", "ed", "es", "s", "e"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= _SHORTEST and not _VOWELS.isdisjoint(rest):
            if ending == "s" and rest[-1] in "su":
                break  # address, status
            return _undoubled(rest + "y" if ending in ("ied", "ies") else rest)
    return _undoubled(word)


def _undoubled(word: str) -> str:
    """`cancel` of cancell(ed), `plan` of plann(ed)."""
    doubled = len(word) > _SHORTEST and word[-1] == word[-2] and word[-1] not in _VOWELS and word.isalpha()
    return word[:-1] if doubled else word
