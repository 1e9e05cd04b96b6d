"""Finds what a pattern requires of the engine that runs it, in one pass; never runs it.

Linear-time engines run the patterns of plans: RE2 in Protocols, the `regex` crate here. They have no lookaround and no
backreferences. Other tools run the same pattern by backtracking, which may never end.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

_QUANTIFIER: Final = re.compile(r"(?:[*+?]|\{[0-9]{1,9}(?:,(?:[0-9]{1,9})?)?\})(?P<mode>[?+]?)")
_GROUP: Final = re.compile(r"\(\?(?:P?<[A-Za-z_][A-Za-z0-9_]*>|:|[a-z-]*[:)]|P[=>]|<?[=!]|[>#(])")
_FOREIGN_ESCAPES: Final = {
    "A": "Python", "Z": "Python", "z": "Perl and RE2", "h": "Perl", "G": "Perl", "Q": "Perl and RE2", "R": "Perl",
    "X": "Perl", "K": "Perl",
}  # fmt: skip

_POSIX: Final = 16
_LONGEST: Final = 64


class Trait(StrEnum):
    """A trait of a pattern that matters to engines."""

    NOT_LINEAR = "not linear"
    CATASTROPHIC = "catastrophic"
    DIALECT = "dialect"


class Remark(NamedTuple):
    """A trait found in a pattern, its text, and a message."""

    trait: Trait
    text: str
    message: str


class _Element(NamedTuple):
    """One item of a sequence."""

    text: str
    optional: bool
    endless: bool


class _Frame(NamedTuple):
    """An open group: its start, and the branches read so far."""

    start: int
    branches: list[list[_Element]]


def remarks(pattern: str) -> list[Remark]:
    """All traits of a pattern, each once, in order."""
    return list({(found.trait, found.message): found for found in _read(pattern)}.values())


def _read(pattern: str) -> Iterator[Remark]:
    frames, at = [_Frame(0, [[]])], 0
    while at < len(pattern):
        start, character = at, pattern[at]
        if character == "(":
            opening = _GROUP.match(pattern, at)
            yield from _opened(opening.group() if opening else "(")
            at = opening.end() if opening else at + 1
            if not (opening and opening.group().endswith(")")):
                frames.append(_Frame(start, [[]]))
            continue
        if character == "|":
            frames[-1].branches.append([])
            at += 1
            continue
        branches: list[list[_Element]] = []
        if character == ")":
            at += 1
            if len(frames) > 1:
                start, branches = frames.pop()
        elif character == "[":
            at = _class_end(pattern, at)
            if "[:" in pattern[start + 1 : at]:
                yield Remark(Trait.DIALECT, pattern[start:at], "a POSIX class such as [:alpha:] is not ECMA-262")
        elif character == "\\":
            yield from _escaped(pattern[at : at + 2])
            at += 2
        else:
            at += 1
        item = _shortened(pattern, start, at)
        quantifier = _QUANTIFIER.match(pattern, at)
        optional = endless = False
        if quantifier:
            at = quantifier.end()
            optional, endless = _repeats(quantifier.group())
            yield from _repeated(_shortened(pattern, start, at), quantifier, branches if endless else [])
        frames[-1].branches[-1].append(_Element(item, optional, endless))


def _shortened(pattern: str, start: int, end: int) -> str:
    """A part of the pattern; for a long one its start and offset, so that nested groups are not copied."""
    return pattern[start:end] if end - start <= _LONGEST else f"{pattern[start : start + _LONGEST]}@{start}"


def _repeats(count: str) -> tuple[bool, bool]:
    """Whether a quantifier allows zero occurrences, and whether it allows any number."""
    return count[0] in "*?" or count.startswith("{0"), count[0] in "*+" or count.rstrip("?+").endswith(",}")


def _repeated(text: str, quantifier: re.Match[str], branches: list[list[_Element]]) -> Iterator[Remark]:
    if quantifier["mode"] == "+":
        yield Remark(Trait.DIALECT, text, f"the possessive {quantifier.group()} is not ECMA-262")
    elif why := _ambiguous(branches):
        yield Remark(Trait.CATASTROPHIC, text, why)


def _opened(text: str) -> Iterator[Remark]:
    if text in {"(?=", "(?!", "(?<=", "(?<!"}:
        kind = "lookbehind" if "<" in text else "lookahead"
        yield Remark(Trait.NOT_LINEAR, text, f"the {kind} {text}...)")
    elif text == "(?P=":
        yield Remark(Trait.NOT_LINEAR, text, "the backreference (?P=...)")
    elif text.startswith("(?P"):
        yield Remark(Trait.DIALECT, text, "(?P<...>) is Python and RE2, not ECMA-262; write (?<...>)")
    elif text in {"(?>", "(?#", "(?("} or text.endswith(")"):
        yield Remark(Trait.DIALECT, text, f"{text} is not ECMA-262")


def _escaped(text: str) -> Iterator[Remark]:
    letter = text[1:]
    if letter.isdecimal() and letter != "0":
        yield Remark(Trait.NOT_LINEAR, text, f"the backreference {text}")
    elif letter == "k":
        yield Remark(Trait.NOT_LINEAR, text, "the backreference \\k<...>")
    elif letter in _FOREIGN_ESCAPES:
        yield Remark(Trait.DIALECT, text, f"{text} is {_FOREIGN_ESCAPES[letter]}, not ECMA-262")


def _class_end(pattern: str, at: int) -> int:
    """The end of a character class; the end of the pattern if it is not closed."""
    at += 1
    while at < len(pattern) and pattern[at] != "]":
        if pattern.startswith("[:", at):
            at = max(at, pattern.find(":]", at, at + _POSIX) + 1)
        at += 2 if pattern[at] == "\\" else 1
    return min(at + 1, len(pattern))


def _ambiguous(branches: list[list[_Element]]) -> str | None:
    """Why repeating these branches can match one text in exponentially many ways; None if no reason is found."""
    for branch in branches:
        needed = [element for element in branch if not element.optional]
        endless = [element for element in branch if element.endless]
        if endless and (not needed or (len(needed) == 1 and needed[0].endless)):
            return "a repeated group that repeats inside can match one text in exponentially many ways"
    first = [branch[0].text for branch in branches if branch]
    if len(first) != len(set(first)):
        return "a repeated choice whose alternatives begin alike can match one text in exponentially many ways"
    return None
