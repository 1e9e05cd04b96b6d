"""Ends a reading at exactly the error that exceeds --max-errors, in the order of the input.

The profile of a range of lines has only the number of its errors. If the last allowed one may be among them, the
range is halved and counted again, down to a single line, or a single call of a batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.engine.lint import Fault
from validator.input.batch_members import BatchText
from validator.model import LineClass
from validator.workers.chunks import Chunk
from validator.workers.memory_chunks import Group, Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from validator.engine.count.profile import Profile
    from validator.input.json_spans import Span
    from validator.model import MaxErrors

# A share means little before this many calls.
LEAST_CALLS = 1_000

_BAD = (LineClass.MALFORMED, LineClass.NOT_OBJECT, LineClass.TOO_LONG, LineClass.TOO_DEEP)
_STRAY = Fault("IN503")


class Errors(NamedTuple):
    """Counts of errors.

    Attributes:
        errors: See `MaxErrors`.
        calls: Judged calls, whether valid or not.
        units: Calls, and errors that are not calls.
    """

    errors: int = 0
    calls: int = 0
    units: int = 0

    def plus(self, other: Errors, sign: int = 1) -> Errors:
        """The sum with others; the difference if the sign is -1."""
        return Errors(*(mine + sign * theirs for mine, theirs in zip(self, other, strict=True)))


def errors_of(profile: Profile) -> Errors:
    """The errors in a profile."""
    lines, not_objects = profile.lines, profile.faults.get(_STRAY)
    strays = not_objects.count - lines[LineClass.NOT_OBJECT] if not_objects else 0
    bad = sum(lines[line_class] for line_class in _BAD) + strays
    invalid = sum(profile.invalid.values()) + profile.judged.invalid
    calls = sum(profile.types.values())
    return Errors(bad + invalid, calls, calls + bad)


Part = Chunk | Group


class ErrorLimit:
    """Counts the errors of a reading, and ends it.

    Args:
        most: The number or share that ends it.

    Attributes:
        seen: The errors so far.
        ended: Whether the limit was reached.
        end: The offset after the line that reached it.
    """

    def __init__(self, most: MaxErrors) -> None:
        self.seen = Errors()
        self.ended = False
        self.end = 0
        self._most = most

    def message(self, profile: Profile) -> str:
        """A message about where the reading ended and why."""
        errors, _, units = self.seen
        last = [summary for summary in profile.inputs if summary.lines][-1]
        return (
            f"{last.path}: stopped after {last.lines:,} line{'s' * (last.lines > 1)}: "
            f"{errors:,} of {units:,} calls and bad lines are errors (--max-errors)"
        )

    def may_end_in(self, found: Errors) -> bool:
        """Whether the reading might end within a part with these errors, wherever they are in it."""
        most, seen = self._most, self.seen
        errors = seen.errors + found.errors
        if most.of is None:
            return errors >= most.errors
        # Their share is highest if all come first.
        return seen.calls + found.calls >= LEAST_CALLS and errors * most.of >= most.errors * (seen.units + found.errors)

    def take(
        self, part: Part, count: Callable[[Part], Profile], profile: Profile | None = None
    ) -> Iterator[tuple[Part, Profile]]:
        """Yields the next part of the input as far as it counts, in one or more parts with their profiles.

        Args:
            part: The part.
            count: Profiles a part.
            profile: The profile of the whole part, if known.
        """
        profile = profile or count(part)
        yield from self._take(part, count, errors_of(profile), profile)

    def _take(
        self, part: Part, count: Callable[[Part], Profile], found: Errors, profile: Profile | None
    ) -> Iterator[tuple[Part, Profile]]:
        if not self.may_end_in(found):
            self.seen = self.seen.plus(found)
            yield part, profile or count(part)
        elif halves := part.halves():
            first, second = halves
            before, of_first = self.seen, count(first)
            yield from self._take(first, count, errors_of(of_first), of_first)
            if not self.ended:
                yield from self._take(second, count, found.plus(self.seen.plus(before, -1), -1), None)
        else:
            single = part if isinstance(part, Lines | Group) else Lines(list(part.blocks()))
            yield self._one(single, count, found, profile or count(single))

    def _one(
        self, part: Lines | Group, count: Callable[[Part], Profile], found: Errors, profile: Profile
    ) -> tuple[Lines | Group, Profile]:
        """A single line or element, and its profile; for a batch, up to the call where the reading ends."""
        if profile.lines[LineClass.BATCH] and (batch := BatchText.of(part.text)):
            if end := self._end_in(part, batch, count):
                self.end = part.end
                part = part.with_text(batch.only(batch.array[0] + 1, end))
                profile = count(part)
        else:
            self._add(found)
            self.end = part.end
        return part, profile

    def _end_in(self, part: Lines | Group, batch: BatchText, count: Callable[[Part], Profile]) -> int:
        """The end, in a batch, of the member where the reading ends; 0 if it goes on."""
        for group in batch.groups():
            found = errors_of(count(part.with_text(batch.only(*group))))
            if not self.may_end_in(found):
                self._add(found)
            elif end := self._member(part, batch, batch.members(group), count):
                return end
        return 0

    def _member(
        self, part: Lines | Group, batch: BatchText, members: Sequence[Span], count: Callable[[Part], Profile]
    ) -> int:
        """The same, within a group of members."""
        end = members[-1][1]
        found = errors_of(count(part.with_text(batch.only(members[0][0], end))))
        if len(members) == 1 or not self.may_end_in(found):
            self._add(found)
            return end if self.ended else 0
        middle = len(members) // 2
        return self._member(part, batch, members[:middle], count) or self._member(part, batch, members[middle:], count)

    def _add(self, found: Errors) -> None:
        self.seen = self.seen.plus(found)
        most, (errors, calls, units) = self._most, self.seen
        if most.of is None:
            self.ended = errors >= most.errors
        else:
            self.ended = calls >= LEAST_CALLS and errors * most.of >= most.errors * units
