"""A tracking plan read from a file, with the places of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.model import pointer_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.model import Diagnostic
    from validator.plan.tracking_plan import TrackingPlan
    from validator.syntax.document import Document, Keys


class Spot(NamedTuple):
    """A place in a plan file; line and column count from 1, and are 0 if only the file is known."""

    path: str
    line: int
    column: int


class Source(NamedTuple):
    """The origin of a part of a schema in a document.

    Attributes:
        document: The document; None if only its path is known.
        keys: The path of keys to the part of the document.
        place: The path of keys to the part of the schema; everything below it is below `keys`.
        path: The file, if there is no document.
    """

    document: Document | None
    keys: Keys
    place: tuple[str, ...] = ()
    path: str = ""


class Spots:
    """The places of the parts of a plan's rules in its files.

    Args:
        sources: For each rule the parts of documents it was built from; the first is the rule itself, the second its
            whole schema.
    """

    __slots__ = ("_sources",)

    def __init__(self, sources: Sequence[tuple[Source, ...]]) -> None:
        self._sources = tuple(sources)

    def at(self, rule: int, pointer: str) -> tuple[int, int]:
        """Line and column of a place in a rule's schema, else of the nearest place above it, else (0, 0).

        Args:
            rule: The index of the rule in the plan.
            pointer: A JSON pointer into its schema.
        """
        spot = self.spot(rule, pointer)
        return spot.line, spot.column

    def spot(self, rule: int, pointer: str) -> Spot:
        """The same place, with its file."""
        if not 0 <= rule < len(self._sources):
            return Spot("", 0, 0)
        wanted = pointer_keys(pointer)
        schema = self._sources[rule][1:] or self._sources[rule]
        best = max(schema, key=lambda s: len(s.place) if wanted[: len(s.place)] == s.place else -1)
        return _spot(best, wanted[len(best.place) :] if wanted[: len(best.place)] == best.place else ())

    def of_rule(self, rule: int) -> Spot:
        """The start of a rule itself, not of its schema."""
        return _spot(self._sources[rule][0], ()) if 0 <= rule < len(self._sources) else Spot("", 0, 0)


class LoadedPlan(NamedTuple):
    """A plan read from files.

    Attributes:
        plan: The tracking plan.
        path: The file or folder.
        format: The name of its format, as in `uclint convert --to`.
        diagnostics: Likely mistakes in the file that were corrected on reading.
        spots: The places of the parts of the rules.
    """

    plan: TrackingPlan
    path: str
    format: str
    diagnostics: tuple[Diagnostic, ...]
    spots: Spots


def _spot(source: Source, below: tuple[str, ...]) -> Spot:
    if source.document is None:
        return Spot(source.path, *_line(source.keys))
    keys = (*source.keys, *_indices(source.document.value, source.keys, below))
    return Spot(source.document.path, *source.document.mark(keys))


def _line(keys: Keys) -> tuple[int, int]:
    """The place in a file without a parsed document: only the line is known."""
    return (keys[0], 1) if keys and isinstance(keys[0], int) else (0, 0)


def _indices(value: object, start: Keys, below: tuple[str, ...]) -> Keys:
    """Converts pointer keys to those of the document: numbers for lists."""
    for key in start:
        value = _step(value, key)
    found: list[str | int] = []
    for key in below:
        step = int(key) if isinstance(value, list) and key.isdecimal() else key
        found.append(step)
        value = _step(value, step)
    return tuple(found)


def _step(value: object, key: str | int) -> object:
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int):
        return value[key] if key < len(value) else None
    return None
