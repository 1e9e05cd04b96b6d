"""The values by which the native core groups calls, and which calls it selects."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from validator.engine.compile.selection import DAYS, IDS, INPUT_FIELDS, TIMES
from validator.engine.decode.json_exact import parse
from validator.engine.scan.breakdown_values import day_of, label

if TYPE_CHECKING:
    from validator.engine.compile.selection import Selection
    from validator.engine.scan.breakdown_values import InputName, Labels

# Limits of the core: fields to group by, and keys below one.
MOST_PATHS: Final = 16
MOST_STEPS: Final = 8

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_ANY_TIME: Final = 1 << 62


def can_select(selection: Selection) -> bool:
    """Whether the core can leave out calls, and group the others, as a selection asks."""
    steps = max((field.count(".") for field in selection.by), default=0)
    return selection.limit is None and len(selection.by) <= MOST_PATHS and steps <= MOST_STEPS


def tell_selection(core: Any, selection: Selection, *, needs_times: bool) -> None:
    """Tells the core which calls are left out by their time or their id, and where times are if they are needed."""
    timed = selection.since is not None or selection.until is not None
    if not (timed or needs_times or selection.sample < 1 or not set(DAYS).isdisjoint(selection.by)):
        return
    since = -_ANY_TIME if selection.since is None else _microseconds(selection.since)
    until = _ANY_TIME if selection.until is None else _microseconds(selection.until)
    identity = core.add_field(IDS[0].encode()) if selection.sample < 1 else None
    times = tuple(core.add_field(name.encode()) for name in TIMES)
    core.select(times, (since, until) if timed else None, identity, round(selection.sample * (1 << 32)))


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


class NativeLabels:
    """Numbers the labels of calls for the core.

    Args:
        core: The core.
        fields: The fields to group by.
        source: The input that is read.
    """

    def __init__(self, core: Any, fields: tuple[str, ...], source: InputName) -> None:
        self._core = core
        self._fields = fields
        self._source = source
        for field in fields:
            first, *below = field.split(".")
            if field in INPUT_FIELDS or field in DAYS:
                core.add_path(0, (), field in DAYS, field in INPUT_FIELDS, False)
            else:
                number = core.add_field(first.encode())
                core.add_path(number, tuple(key.encode() for key in below), False, False, False)
        self.forget()

    def forget(self) -> None:
        """Forgets all labels, as the core does."""
        self._labels: list[list[str | None]] = [[] for _ in self._fields]
        self._numbers: list[dict[str | None, int]] = [{} for _ in self._fields]
        self.begin()

    def begin(self) -> None:
        """Starts an input."""
        for path, field in enumerate(self._fields):
            if field in INPUT_FIELDS:
                self._core.set_constant(path, self._number(path, self._source.labels[field]))

    def answer(self, kind: int, path: int, text: bytes | None, *, is_text: bool) -> None:
        """Tells the core the label of a value."""
        value = None if text is None else text.decode() if is_text else parse(text)
        found = day_of([f"{value}T00:00:00Z"]) if self._fields[path] in DAYS and value else label(value)
        self._core.set_label(path, kind, text, self._number(path, found))

    def watched(self, _kind: str, _event: Any) -> int:
        """Calls are not watched."""
        return 0

    def of(self, numbers: tuple[int, ...]) -> Labels:
        """The labels of a group."""
        return tuple([labels[number] for labels, number in zip(self._labels, numbers, strict=True)])

    def _number(self, path: int, found: str | None) -> int:
        numbers, labels = self._numbers[path], self._labels[path]
        if found not in numbers:
            numbers[found] = len(labels)
            labels.append(found)
        return numbers[found]
