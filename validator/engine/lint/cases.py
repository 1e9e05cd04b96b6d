"""The conventions by which names are written: those that have a name, and those that a regular expression says."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from validator.engine.schema.patterns import search

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# What a word of running text is made of, from its second character on.
_REST = r"[A-Za-z0-9'./&+-]*"
# A lower-case letter may come before a capital: iOS, eBook.
_CAPITAL = rf"[(]?[a-z]?[A-Z0-9]{_REST}[):,!?]?"
# Capitals inside a word are a matter of names, as in GitHub, unless the word is all there is: PlanChanged. Nothing but
# capitals is an acronym if it is short, as FAQ.
_SPACED = r"(?!(?:[A-Z]?[a-z]+|[A-Z]{2,})[0-9]*(?:[A-Z][a-z]+)+$)(?![^a-z]*[A-Z]{5}[^a-z]*$)"
_SIGN = r"[&/+:|>-]"
_SMALL = (
    "a|an|and|as|at|but|by|for|from|if|in|into|is|nor|of|off|on|onto|or|out|over|per|so|than|the|to|up|via|vs|with|yet"
)
# Libraries and tools begin their own names so.
_MARK = r"[$_]*"


class _Convention(NamedTuple):
    """How names are written.

    Attributes:
        label: What people call it.
        form: The names that follow it, as a regular expression.
        join: Puts words together so.
    """

    label: str
    form: str
    join: Callable[[Sequence[str]], str]


def _capital(word: str) -> str:
    return word if word.isupper() else word.capitalize()


def _small(word: str) -> str:
    return word if word.isupper() and len(word) > 1 else word.lower()


def _title(words: Sequence[str]) -> str:
    small = _SMALL.split("|")
    return " ".join(w.lower() if w.lower() in small and at else _capital(w) for at, w in enumerate(words))


CONVENTIONS = {
    "title": _Convention("Title Case", rf"{_SPACED}{_CAPITAL}(?: (?:{_CAPITAL}|{_SIGN}|{_SMALL}))*", _title),
    "sentence": _Convention(
        "Sentence case",
        rf"{_SPACED}{_CAPITAL}(?: (?:[(]?[a-z0-9]{_REST}[):,!?]?|[a-z]?[A-Z0-9]{{2,}}{_REST}|{_SIGN}))*",
        lambda words: " ".join([_capital(words[0]), *map(_small, words[1:])]),
    ),
    "lower": _Convention(
        "lower case",
        rf"[(]?[a-z0-9][a-z0-9'./&+-]*[):,!?]?(?: (?:[(]?[a-z0-9][a-z0-9'./&+-]*[):,!?]?|{_SIGN}))*",
        lambda words: " ".join(words).lower(),
    ),
    "snake": _Convention("snake_case", _MARK + r"[a-z0-9]+(?:_[a-z0-9]+)*", lambda words: "_".join(words).lower()),
    "camel": _Convention(
        "camelCase",
        _MARK + r"[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)*",
        lambda words: "".join([words[0].lower(), *map(str.capitalize, words[1:])]),
    ),
    "pascal": _Convention(
        "PascalCase",
        _MARK + r"[A-Z][A-Za-z0-9]*",
        lambda words: "".join(map(str.capitalize, words)),
    ),
    "kebab": _Convention("kebab-case", r"[a-z0-9]+(?:-[a-z0-9]+)*", lambda words: "-".join(words).lower()),
    "upper-snake": _Convention(
        "UPPER_SNAKE_CASE", _MARK + r"[A-Z0-9]+(?:_[A-Z0-9]+)*", lambda words: "_".join(words).upper()
    ),
}
"""Convention -> how names are written by it. For ASCII names only, since of others not all have a case."""

_WORDS = r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+"
_SEPARATED = r"[A-Za-z0-9]+(?:[ _./-]+[A-Za-z0-9]+)*"


@lru_cache
def _form(convention: str) -> re.Pattern[str]:
    return re.compile(CONVENTIONS[convention].form)


class Case(msgspec.Struct, frozen=True):
    """A convention.

    Attributes:
        said: One of `CONVENTIONS`, or a regular expression that begins with `^`.
    """

    said: str

    def problem(self) -> str:
        """What is wrong with what was said, as the rest of a sentence; empty where nothing is."""
        if self.said in CONVENTIONS:
            return ""
        if not self.said.startswith("^"):
            return f"is no convention; there are {', '.join(CONVENTIONS)}, and regular expressions, which begin with ^"
        try:
            search(self.said)
        except ValueError:
            return "is no regular expression, or one that takes more than linear time (lookaround, backreferences)"
        return ""

    def follows(self, name: str) -> bool:
        """Whether a name is written so."""
        if self.said in CONVENTIONS:
            return not name.isascii() or _form(self.said).fullmatch(name) is not None
        return search(self.said)(name)

    @property
    def label(self) -> str:
        """What to call it in a sentence: names are, or are not, in this."""
        found = CONVENTIONS.get(self.said)
        return found.label if found else f"the form {self.said}"

    def meant(self, name: str) -> str | None:
        """The name as it would be written so; None where that cannot be told."""
        found = CONVENTIONS.get(self.said)
        if found is None or self.follows(name) or not re.fullmatch(_SEPARATED, name):
            return None
        meant = found.join(re.findall(_WORDS, name.lower() if name.isupper() else name))
        return meant if self.follows(meant) else None


class Cases(msgspec.Struct, frozen=True):
    """The conventions of events and of properties."""

    events: Case = Case("title")
    properties: Case = Case("snake")
