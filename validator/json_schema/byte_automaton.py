"""Compiles patterns to automata over bytes, for the native core.

Only syntax that all engines interpret alike is supported; other patterns get no automaton. Texts must be printable
ASCII: at any other character, unless the result is already clear, the automaton ends in NOT_CERTAIN, and the regex
engine decides.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from validator.lazy_pattern import LazyPattern

NEVER, ALWAYS, NOT_CERTAIN, _FIRST = range(4)
"""Final states, which no byte leaves: never a match, always a match, and not certain."""

_PRINTABLE: Final = frozenset(range(0x20, 0x7F))
_DIGITS: Final = frozenset(b"0123456789")
_WORD: Final = _DIGITS | frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_CLASSES: Final = {
    "d": _DIGITS,
    "w": _WORD,
    "s": frozenset(b" "),
    "D": _PRINTABLE - _DIGITS,
    "W": _PRINTABLE - _WORD,
    "S": _PRINTABLE - frozenset(b" "),
}
_COUNTED = LazyPattern(r"\{([0-9]{1,4})(?:(,)([0-9]{1,4})?)?\}")
_SET_OPERATIONS = LazyPattern(r"\[|&&|--|~~")

_MOST_NODES: Final = 2_000
_MOST_STATES: Final = 250


class Automaton(NamedTuple):
    """An automaton.

    Attributes:
        next: 256 bytes for each state: the state after each byte.
        accepts: One byte for each state: 1 if a text that ends there matches.
        start: The first state.
    """

    next: bytes
    accepts: bytes
    start: int


class _UnclearError(Exception):
    """Engines may interpret the pattern differently, or it is too large."""


@lru_cache(maxsize=1024)
def automaton_of(pattern: str) -> Automaton | None:
    """The automaton that searches for a pattern; None if the pattern is not supported."""
    try:
        return _determined(_Reader(pattern))
    except _UnclearError:
        return None


class _Reader:
    """Parses a pattern into a nondeterministic automaton: nodes with steps on any byte of a set, and free steps."""

    def __init__(self, pattern: str) -> None:
        if not pattern.isascii() or not pattern.isprintable():
            raise _UnclearError
        self.from_start = pattern.startswith("^")
        self.to_end = pattern.endswith("$") and (len(pattern) - len(pattern[:-1].rstrip("\\"))) % 2 == 1
        self._text = pattern[self.from_start : len(pattern) - self.to_end]
        self._at = 0
        self.free: list[list[int]] = []
        self.steps: list[list[tuple[frozenset[int], int]]] = []
        self.first = self._node()
        self.goal = self._alternatives(self.first, outermost=True)
        if self._at < len(self._text):
            raise _UnclearError

    def _node(self) -> int:
        if len(self.free) >= _MOST_NODES:
            raise _UnclearError
        self.free.append([])
        self.steps.append([])
        return len(self.free) - 1

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _alternatives(self, start: int, *, outermost: bool = False) -> int:
        """Reads alternatives that start at a node; returns the node after them."""
        ends = [self._sequence(start)]
        while self._peek() == "|":
            if outermost and (self.from_start or self.to_end):
                raise _UnclearError  # an anchor belongs to one alternative only
            self._at += 1
            ends.append(self._sequence(start))
        if len(ends) == 1:
            return ends[0]
        end = self._node()
        for one in ends:
            self.free[one].append(end)
        return end

    def _sequence(self, start: int) -> int:
        own = self._node()
        self.free[start].append(own)
        while self._peek() not in ("", "|", ")"):
            own = self._repeated(own)
        return own

    def _repeated(self, start: int) -> int:
        """Reads an element with its quantifier."""
        begin = self._at
        end = self._element(start)
        least, most = self._times()
        after = self._at
        if (least, most) == (1, 1):
            return end
        # Disconnects the occurrence built so far; each repetition reads the element again.
        self.free[start] = [node for node in self.free[start] if node < start]
        self.steps[start] = []
        return self._times_over(start, begin, least, most, after)

    def _times_over(self, start: int, begin: int, least: int, most: int | None, after: int) -> int:
        end = start
        for _ in range(least):
            end = self._again(end, begin)
        if most is None:
            loop, out = self._node(), self._node()
            self.free[end].append(loop)
            self.free[self._again(loop, begin)].append(loop)
            self.free[loop].append(out)
            self._at = after
            return out
        out = self._node()
        for _ in range(most - least):
            self.free[end].append(out)
            end = self._again(end, begin)
        self.free[end].append(out)
        self._at = after
        return out

    def _again(self, start: int, begin: int) -> int:
        self._at = begin
        own = self._node()
        self.free[start].append(own)
        return self._element(own)

    def _times(self) -> tuple[int, int | None]:
        """Reads the quantifier of the preceding element, if any."""
        symbol = self._peek()
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(symbol, (1, 1))
        if symbol == "{":
            found = _COUNTED.match(self._text, self._at)
            if not found:
                raise _UnclearError
            least = int(found[1])
            most = (int(found[3]) if found[3] else None) if found[2] else least
            if most is not None and most < least:
                raise _UnclearError
            self._at = found.end()
        elif symbol in ("*", "+", "?") and symbol:
            self._at += 1
        else:
            return 1, 1
        if self._peek() == "?":  # lazy: does not change whether there is a match
            self._at += 1
        if self._peek() in ("*", "+", "?", "{") and self._peek():
            raise _UnclearError
        return least, most

    def _element(self, start: int) -> int:
        if self._peek() == "(":
            self._at += 3 if self._text.startswith("(?:", self._at) else 1
            if self._peek() == "?":
                raise _UnclearError
            end = self._alternatives(start)
            if self._peek() != ")":
                raise _UnclearError
            self._at += 1
            return end
        end = self._node()
        self.steps[start].append((self._set(), end))
        return end

    def _set(self) -> frozenset[int]:
        """Reads what matches a single character."""
        symbol = self._peek()
        self._at += 1
        if symbol == "\\":
            return self._escape()
        if symbol == "[":
            return self._class()
        if symbol == ".":
            return _PRINTABLE
        if symbol in ("^", "$", "*", "+", "?", "{", "}", "]"):
            raise _UnclearError
        return frozenset((ord(symbol),))

    def _escape(self) -> frozenset[int]:
        symbol = self._peek()
        self._at += 1
        if symbol in _CLASSES:
            return _CLASSES[symbol]
        if not symbol or symbol.isalnum():
            raise _UnclearError
        return frozenset((ord(symbol),))

    def _class(self) -> frozenset[int]:
        negated = self._peek() == "^"
        self._at += negated
        if self._peek() == "]":
            raise _UnclearError
        begin, found = self._at, set[int]()
        while (symbol := self._peek()) != "]":
            if not symbol:
                raise _UnclearError
            found |= self._range()
        if _SET_OPERATIONS.search(self._text[begin : self._at].replace("\\[", "")):
            raise _UnclearError
        self._at += 1
        return _PRINTABLE - found if negated else frozenset(found)

    def _range(self) -> frozenset[int]:
        first = self._member()
        if self._peek() != "-" or self._text[self._at + 1 : self._at + 2] == "]":
            return first
        self._at += 1
        last = self._member()
        if len(first) != 1 or len(last) != 1 or min(first) > min(last):
            raise _UnclearError
        return frozenset(range(min(first), min(last) + 1))

    def _member(self) -> frozenset[int]:
        symbol = self._peek()
        self._at += 1
        if not symbol:
            raise _UnclearError
        return self._escape() if symbol == "\\" else frozenset((ord(symbol),))


def _determined(read: _Reader) -> Automaton:
    """The deterministic automaton: its states are sets of nodes."""

    def closed(nodes: set[int]) -> frozenset[int]:
        todo = list(nodes)
        while todo:
            for node in read.free[todo.pop()]:
                if node not in nodes:
                    nodes.add(node)
                    todo.append(node)
        return frozenset(nodes)

    numbers: dict[frozenset[int], int] = {}
    rows: list[bytearray] = []

    def number_of(nodes: frozenset[int]) -> int:
        if not nodes:
            return NEVER
        if read.goal in nodes and not read.to_end:
            return ALWAYS
        if nodes not in numbers:
            if len(numbers) >= _MOST_STATES:
                raise _UnclearError
            numbers[nodes] = _FIRST + len(numbers)
            todo.append(nodes)
        return numbers[nodes]

    todo: list[frozenset[int]] = []
    begin = closed({read.first})
    start = number_of(begin)
    while todo:
        nodes = todo.pop(0)
        row = bytearray((NOT_CERTAIN,)) * 256
        steps = [step for node in nodes for step in read.steps[node]]
        for byte in _PRINTABLE:
            after = {end for allowed, end in steps if byte in allowed}
            row[byte] = number_of(closed(after if read.from_start else after | begin))
        rows.append(row)
    fixed = b"".join(bytes((state,)) * 256 for state in range(_FIRST))
    accepts = bytes((0, 1, 0)) + bytes(read.goal in nodes for nodes in numbers)
    return Automaton(fixed + b"".join(rows), accepts, start)
