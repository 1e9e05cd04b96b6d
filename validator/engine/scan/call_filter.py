"""Selects the calls to judge."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zlib import crc32

from validator.engine.compile.selection import IDS, TIMES, Selection
from validator.engine.decode.call_type import call_type
from validator.engine.lint.values import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from validator.engine.decode.call import Call


def _first(times: Sequence[Any]) -> datetime | None:
    return next((found for time in times if (found := moment(time))), None)


def keeps_names(selection: Selection) -> Callable[[str, Any], bool] | None:
    """Tests whether calls of a type and an event are selected; None if all are."""
    events, types = selection.events, selection.types
    if not (events or types):
        return None

    def keeps(kind: str, event: Any) -> bool:
        if events and not (event in events and kind.lower() == "track"):
            return False
        return not types or call_type(kind) in types

    return keeps


def keeper(selection: Selection, attributes: Mapping[str, str]) -> Callable[[Call], bool] | None:
    """Tests whether a call is selected, apart from `limit`; None if all calls are."""
    tests: list[Callable[[Any], bool]] = []
    if keeps := keeps_names(selection):
        tests.append(lambda call: keeps(call.type, call.event))
    if selection.since or selection.until:
        times = [attributes[name] for name in TIMES]
        since = selection.since or datetime.min.replace(tzinfo=UTC)
        until = selection.until or datetime.max.replace(tzinfo=UTC)

        def timely(call: Any) -> bool:
            found = _first([getattr(call, name) for name in times])
            return found is not None and since <= found < until

        tests.append(timely)
    if selection.sample < 1:
        ids = [attributes[name] for name in IDS]
        share = round(selection.sample * (1 << 32))
        tests.append(lambda call: _hash([getattr(call, name) for name in ids]) < share)
    if not tests:
        return None
    return lambda call: all(test(call) for test in tests)


def _hash(ids: Sequence[Any]) -> int:
    """The hash of the message id; for a call without one, of its other ids and its time."""
    first = ids[0]
    text = first if type(first) is str and first else "\n".join(i if type(i) is str else "" for i in ids)
    return crc32(text.encode("utf-8", "surrogatepass"))


class CallFilter:
    """Picks the calls that are to be judged."""

    def __init__(self, selection: Selection, attributes: Mapping[str, str]) -> None:
        self._keep = keeper(selection, attributes)
        self._room = selection.limit

    def __call__(self, calls: Sequence[Call]) -> list[int] | None:
        """The positions of the selected calls; None for all."""
        keep = self._keep
        kept = [at for at, call in enumerate(calls) if keep(call)] if keep else list(range(len(calls)))
        if self._room is not None:
            del kept[self._room :]
            self._room -= len(kept)
        return kept if len(kept) < len(calls) else None
