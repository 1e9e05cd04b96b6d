"""The lint rules that are on, as checks for the engine."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

from validator.engine.lint import names
from validator.engine.lint.call_tests import FIELDS, looks_inside
from validator.engine.lint.conventions import Naming
from validator.engine.lint.fault import Fault
from validator.engine.lint.values import RESERVED
from validator.model import JSON_TYPES, pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_KEYS: Final = frozenset(("NM407", "NM408", "NM409", "NM410"))  # about properties that no plan names
_EVENT_NAMES: Final = frozenset(("NM403", "NM405"))


class Lint:
    """The lint rules that are on, as the engine uses them.

    Args:
        codes: Their codes; codes of other rules are ignored.
        now: Replaces `receivedAt` if a call has none; the current time if None.
        naming: The naming conventions; Segment's recommendation if None.
    """

    def __init__(self, codes: Iterable[str] = (), now: datetime | None = None, *, naming: Naming | None = None) -> None:
        self.codes = frozenset(codes)
        self.naming = naming or Naming()
        self.now = now or datetime.now(UTC)
        self._faults_of_reserved: dict[str, Mapping[str, Mapping[str, Fault | None]]] = {}
        self.paths = tuple(dict.fromkeys(path for code in sorted(self.codes) for path in FIELDS.get(code, ())))

    @cached_property
    def deep(self) -> bool:
        """Whether the values of all properties matter."""
        return looks_inside(self.codes)

    @cached_property
    def keys(self) -> bool:
        """Whether the properties that no plan names must be collected."""
        return not self.codes.isdisjoint(_KEYS)

    @cached_property
    def event_names(self) -> bool:
        """Whether names of events are compared with each other."""
        return not self.codes.isdisjoint(_EVENT_NAMES)

    def reserved(self, kind: str) -> Mapping[str, tuple[str, ...]]:
        """The reserved properties of a call type that rules check."""
        on = self.codes & {"SP314", "SP315"}
        reserved = RESERVED.get(kind, {}) if on else {}
        return {key: types for key, types in reserved.items() if "SP314" in on or _is_currency(kind, key)}

    def faults_of_reserved(self, kind: str) -> Mapping[str, Mapping[str, Fault | None]]:
        """For each reserved property of a call type: JSON type -> the fault of all values of that type."""
        found = self._faults_of_reserved.get(kind)
        if found is None:
            found = self._faults_of_reserved[kind] = {
                key: {json_type: self.of_reserved(kind, key, json_type) for json_type in JSON_TYPES}
                for key in self.reserved(kind)
            }
        return found

    def of_reserved(self, kind: str, key: str, json_type: str) -> Fault | None:
        """The fault of all values of a JSON type under a reserved property. Null counts as no value."""
        if "SP314" not in self.codes or json_type == "null" or json_type in RESERVED[kind][key]:
            return None
        return Fault("SP314", pointer("properties", key))

    def unknown_currency(self, kind: str, key: str) -> Fault | None:
        """The fault of a text that is not a currency, under a reserved property; None if it need not be one."""
        return Fault("SP315", pointer("properties", key)) if "SP315" in self.codes and _is_currency(kind, key) else None

    def of_properties(self, kind: str, json_type: str, *, planned: bool) -> Fault | None:
        """The fault of `/properties` with a JSON type (or absent), if no plan judges it."""
        if "SP316" not in self.codes or planned or kind not in RESERVED or json_type in ("object", "absent"):
            return None
        return Fault("SP316", pointer("properties"))

    def of_name(self, name: str) -> tuple[Fault, ...]:
        """The faults of an event name that no plan has."""
        found = []
        if "NM402" in self.codes and names.holds_value(name):
            found.append("NM402")
        if "NM404" in self.codes and names.odd_characters(name):
            found.append("NM404")
        if "NM406" in self.codes and not self.naming.events.follows(name):
            found.append("NM406")
        return tuple(map(Fault, found))


def _is_currency(kind: str, key: str) -> bool:
    return kind == "track" and key == "currency"
