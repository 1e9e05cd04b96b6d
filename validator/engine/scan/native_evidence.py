"""Evidence that the native core gathers: how many calls are alike, and their first and last time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from validator.engine.decode.json_exact import parse
from validator.engine.scan.native_labels import MOST_PATHS, MOST_STEPS
from validator.engine.scan.native_meanings import KINDS

if TYPE_CHECKING:
    from validator.engine.decode.evidence import Evidence, EvidenceSource
    from validator.engine.decode.key_paths import KeyPath

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_IDENTITY: Final = b"messageId"

_FLAGS: Final = {"t": True, "f": False, "o": {}}


def can_gather(source: EvidenceSource) -> bool:
    """Whether the core can gather evidence for a source."""
    paths = _paths(source)
    return len(paths) < MOST_PATHS and all(len(path) <= MOST_STEPS + 1 for path in paths) and _is_utf8(paths)


def _paths(source: EvidenceSource) -> tuple[KeyPath, ...]:
    return (*source.texts, *((field,) for field in source.whole))


def _is_utf8(paths: tuple[KeyPath, ...]) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for path in paths for key in path for letter in key)


class NativeEvidence:
    """Numbers for the core the values by which calls are alike, and reads what it gathered.

    Args:
        core: The core.
        source: What to gather.

    Attributes:
        evidence: Takes what the core gathered.
    """

    def __init__(self, core: Any, source: EvidenceSource) -> None:
        self.evidence: Evidence | None = None
        self._core = core
        self._source = source
        self._paths = _paths(source)
        self._flags = len(source.texts)
        core.add_path(0, (), False, True, False)  # stands for what is watched
        for number, (first, *below) in enumerate(self._paths):
            keys = tuple(key.encode() for key in below)
            core.add_path(core.add_field(first.encode()), keys, False, False, number >= self._flags)
        core.witness(core.add_field(_IDENTITY), tuple(source.numbers))
        self.forget()

    def forget(self) -> None:
        """Forgets all values, as the core does."""
        self._values: list[Any] = [None]
        self._number_of: dict[Any, int] = {}
        self._events: list[str | None] = [None]
        self._number_of_event: dict[str | None, int] = {None: 0}

    def begin(self) -> None:
        """Starts an input, which makes no difference."""

    def gather_into(self, evidence: Evidence) -> None:
        """Takes what is gathered from now on."""
        self.evidence = evidence
        self._core.set_largest_hash(evidence.largest)

    def watched(self, kind: str, event: Any) -> int:
        """The number of what calls are watched as; 0 if they are not."""
        name = self._source.watched(kind, event)
        if name not in self._number_of_event:
            self._number_of_event[name] = len(self._events)
            self._events.append(name)
        return self._number_of_event[name]

    def answer(self, kind: int, path: int, text: bytes | None, *, is_text: bool) -> None:
        """Tells the core the number of a value."""
        if path <= self._flags:
            value = text.decode() if text is not None and is_text else None
            self._core.set_label(path, kind, text, self._number(value, value))
            return
        if text is None or KINDS[kind] != "object":
            self._core.set_label(path, kind, None, 0)
            return
        flags = {name: _flag(value) for name, value in parse(text).items()}
        known = "".join(f'"{name}"{flag}' for name, flag in flags.items())
        values = {name: _FLAGS.get(flag) for name, flag in flags.items()}
        self._core.set_label(path, kind, known.encode("utf-8", "surrogatepass"), self._number((path, known), values))

    def _number(self, known: Any, value: Any) -> int:
        if value is None:
            return 0
        if known not in self._number_of:
            self._number_of[known] = len(self._values)
            self._values.append(value)
        return self._number_of[known]

    def take(self) -> None:
        """Moves what the core gathered to the evidence."""
        assert self.evidence is not None  # noqa: S101 - it was begun
        for (watched, *numbers), calls, first, last in self._core.take_groups():
            values = {path: self._values[number] for path, number in zip(self._paths, numbers, strict=True)}
            times = None if first is None else (_moment(first), _moment(last))
            self.evidence.add_alike(values, self._events[watched], calls, times)

    def take_identities(self, data: bytes) -> None:
        """Moves message ids of a block to the evidence."""
        found = self._core.take_ids(data)
        if found and self.evidence is not None:
            for identity in found:
                self.evidence.add_identity(identity.decode())
            self._core.set_largest_hash(self.evidence.largest)


def _flag(value: Any) -> str:
    """The letter by which the core tells values apart."""
    if isinstance(value, bool):
        return "t" if value else "f"
    return "o" if isinstance(value, dict) else "x"


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)
