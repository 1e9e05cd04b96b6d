"""Naming conventions: checks whether a name follows one, and rewrites it.

In doubt, a name is fine: letters without case, numerals, acronyms and brands break no convention that they can be
part of.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import msgspec

from validator.engine.lint.name_words import KNOWN, SMALL, words_of
from validator.engine.lint.names import holds_value, with_numbers
from validator.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

CASE_NAMES: Final = {
    "title": "Title Case",
    "sentence": "Sentence case",
    "lower": "lower case",
    "snake": "snake_case",
    "constant": "CONSTANT_CASE",
    "camel": "camelCase",
    "pascal": "PascalCase",
    "kebab": "kebab-case",
}
"""The conventions -> their names in messages."""

_SEPARATORS: Final = {"title": " ", "sentence": " ", "lower": " ", "snake": "_", "constant": "_", "kebab": "-"}

# Characters around or between words that are not part of them.
_AROUND: Final = LazyPattern(r"^\W+|(?<!\W)\W+$")

# Joined words that a convention separates by a space; "A/B", "Opt-in" and "Node.js" are one word.
_JOINED: Final = LazyPattern(r"[^\W\d_]{3}[-./:|][^\W\d_]{3}|[a-z][A-Z]|[A-Z]{2}[a-z]{2}|_")

# Names that are plainly in Title Case: words of one capital and small letters, and numbers.
_PLAIN_TITLE: Final = re.compile(r"(?:[A-Z][a-z]+|[0-9]+)(?: (?:[A-Z][a-z]+|[0-9]+))*").fullmatch

# Longest acronym; a longer word in capitals is shouted.
_LONGEST_ACRONYM: Final = 4


class _ByArguments:
    """Equal to what is made with the same arguments, such as a pickled copy."""

    def __eq__(self, other: object) -> bool:
        return self.__reduce__() == other.__reduce__()

    def __hash__(self) -> int:
        return hash(self.__reduce__())


class Convention(_ByArguments):
    """A naming convention.

    Args:
        form: One of `CASE_NAMES`.
        words: Words that are always fine as written here, such as `iOS`.
        prefixes: Prefixes of names to ignore.
    """

    def __init__(self, form: str, words: Iterable[str] = (), prefixes: Iterable[str] = ("$", "_")) -> None:
        self.form = form
        self.words = frozenset(words)
        self.prefixes = tuple(sorted(prefixes, key=len, reverse=True))
        self.follows: Callable[[str], bool] = lru_cache(maxsize=1 << 14)(self._follows)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles without caches."""
        return Convention, (self.form, self.words, self.prefixes)

    @property
    def description(self) -> str:
        """The convention in words, for messages."""
        return f"in {CASE_NAMES[self.form]}"

    def example(self, *words: str) -> str:
        """Writes words in this convention."""
        return self._joined(words)

    def rewritten(self, name: str) -> str | None:
        """The name in this convention; None if it follows it already, or if the rewriting is unclear."""
        if self.follows(name) or holds_value(name):
            return None
        prefix, own = self._parts(name)
        words = words_of(own, self._known)
        if words is None or (self.form in ("camel", "pascal") and not _joins(words, self._known)):
            return None
        new = prefix + self._joined(words)
        return new if self._follows(new) else None

    def _follows(self, name: str) -> bool:
        if self.form == "title" and _PLAIN_TITLE(name):
            return True
        own = with_numbers(self._parts(name)[1])
        if own in self.words:
            return True
        if self.form in ("camel", "pascal"):
            return self._humped(own)
        if _SEPARATORS[self.form] == " ":
            return self._spaced(own)
        wrong = _has_lower if self.form == "constant" else _has_upper
        parts = own.split(_SEPARATORS[self.form])
        return all(part in self.words or (_is_word(part) and not wrong(part)) for part in parts)

    def _parts(self, name: str) -> tuple[str, str]:
        """Splits a name into prefix and rest."""
        prefix = next((p for p in self.prefixes if name.startswith(p) and name != p), "")
        return prefix, name[len(prefix) :]

    @cached_property
    def _known(self) -> frozenset[str]:
        return KNOWN | self.words

    def _humped(self, name: str) -> bool:
        wrong = _is_upper if self.form == "camel" else _is_lower
        starts = wrong(name[:1]) and not any(_begins(name, word) for word in self._known)
        return _is_word(name) and not starts

    def _spaced(self, name: str) -> bool:
        parts = name.split(" ")
        if "_" in name or (len(parts) == 1 and name not in self._known and _JOINED.search(name)):
            return False
        words = [part if part in self._known else _AROUND.sub("", part) for part in parts]
        # No word at all, or an extra space: the problem is not the case.
        own = [word for word in words if word and word not in self._known]
        if self.form == "lower":
            return not any(map(_has_upper, own))
        if own and all(map(str.isupper, own)) and max(map(len, own)) > _LONGEST_ACRONYM:
            return False
        return _is_title(words, self._known) if self.form == "title" else _is_sentence(words, self._known)

    def _joined(self, words: Sequence[str]) -> str:
        shouted = all(map(str.isupper, words))
        acronyms = {word for word in words if word in self._known or (word.isupper() and len(word) > 1 and not shouted)}
        cases: dict[str, Callable[[int, str], str]] = {
            "title": lambda at, word: word.lower() if _stays_small(at, word, words) else _capital(word, acronyms),
            "sentence": lambda at, word: _capital(word, acronyms) if at == 0 else _small(word, acronyms),
            "lower": lambda _, word: word if word in self.words else word.lower(),
            "snake": lambda _, word: word.lower(),
            "kebab": lambda _, word: word.lower(),
            "constant": lambda _, word: word.upper(),
            "camel": lambda at, word: word.lower() if at == 0 else _capital(word, ()),
            "pascal": lambda _, word: _capital(word, ()),
        }
        case = cases[self.form]
        return _SEPARATORS.get(self.form, "").join(case(at, word) for at, word in enumerate(words))


class Pattern(_ByArguments):
    """A user's regular expression that whole names must match.

    Args:
        text: The expression, in ECMA-262.

    Raises:
        ValueError: It is invalid, or cannot run in linear time; the message says why.
    """

    def __init__(self, text: str) -> None:
        from validator.json_schema.regex import search  # noqa: PLC0415 - few have one

        try:
            search(text)  # alone first, so that no stray parenthesis can close the group around it
            self.follows = search(f"^(?:{text})$")
        except ValueError:
            from validator.json_schema.regex_portability import Trait, remarks  # noqa: PLC0415

            special = [remark.message for remark in remarks(text) if remark.trait is Trait.NOT_LINEAR]
            why = f"has {special[0]}, which no engine can run in linear time" if special else "is no regular expression"
            raise ValueError(f"the pattern `{text[:60]}` {why}") from None
        self.text = text

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles the text; it is compiled again when loaded."""
        return Pattern, (self.text,)

    @property
    def description(self) -> str:
        """The convention in words, for messages."""
        return f"of the form `{self.text}`"

    def example(self, *_: str) -> None:
        """None: a pattern gives no example."""

    def rewritten(self, _: str) -> None:
        """None: a pattern suggests no other name."""


class Naming(msgspec.Struct, frozen=True):
    """The naming conventions of a team.

    Attributes:
        events: The convention of events.
        properties: That of properties.
        dynamic: How many names that differ only in a value count as made by code.
    """

    events: Convention | Pattern = Convention("title")
    properties: Convention | Pattern = Convention("snake")
    dynamic: int = 20


def _is_title(words: Sequence[str], known: Collection[str]) -> bool:
    return not any(
        _is_lower(word[:1]) and word not in known and not _stays_small(at, word, words) for at, word in enumerate(words)
    )


def _is_sentence(words: Sequence[str], known: Collection[str]) -> bool:
    first, *others = words
    if _is_lower(first[:1]) and first not in known:
        return False
    return not any(_is_upper(word[:1]) and word[1:].islower() and word not in known for word in others)


def _stays_small(at: int, word: str, words: Sequence[str]) -> bool:
    """Whether Title Case leaves a word small, unless it is the first or the last."""
    return word.lower() in SMALL and 0 < at < len(words) - 1


def _joins(words: Sequence[str], known: Collection[str]) -> bool:
    """Whether words can be joined without a separator, and split again in only one way."""
    numbers = any(a[-1].isdigit() and b[0].isdigit() for a, b in pairwise(words))
    shouted = all(map(str.isupper, words))
    return not numbers and not any(
        word in known or (word.isupper() and len(word) > 1 and not shouted) for word in words
    )


def _begins(name: str, word: str) -> bool:
    """Whether a name starts with a word: npmInstall starts with npm, npmx does not."""
    return name.startswith(word) and not _is_lower(name[len(word) : len(word) + 1])


def _capital(word: str, kept: Collection[str]) -> str:
    if word in kept:
        return word
    return word[:1].upper() + (word[1:].lower() if word.isupper() or word.islower() else word[1:])


def _small(word: str, kept: Collection[str]) -> str:
    return word if word in kept else word.lower()


def _is_word(text: str) -> bool:
    """Whether a text is not empty and has only letters (with combining marks) and numerals."""
    if text.isascii():
        return text.isalnum()
    return all(c.isalnum() or unicodedata.category(c)[0] == "M" for c in text)


def _is_upper(text: str) -> bool:
    return text.isupper() or text.istitle()


def _is_lower(text: str) -> bool:
    return text.islower()


def _has_upper(text: str) -> bool:
    return not text.islower() and any(map(_is_upper, text))


def _has_lower(text: str) -> bool:
    return any(map(str.islower, text))
