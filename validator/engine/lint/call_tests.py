"""Tests of lint rules on each call: ids, times, traits, and personal data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from validator.engine.decode.call import OBJECTS, UNSET, Call, is_id
from validator.engine.decode.key_paths import KeyPath, reader
from validator.engine.lint.fault import Fault
from validator.engine.lint.values import TIMES, out_of_time, unreadable
from validator.model import CALL_TYPES, pointer

if TYPE_CHECKING:
    from datetime import datetime

FIELDS: Final[Mapping[str, tuple[KeyPath, ...]]] = {
    "SP303": (("userId",), ("anonymousId",)),
    "SP305": (("groupId",),),
    "SP306": (("previousId",),),
    "SP308": (("messageId",),),
    "SP309": (("messageId",),),
    "SP310": (("messageId",),),
    "SP311": (("timestamp",),),
    "SP312": tuple((name,) for name in TIMES),
    "SP313": (("timestamp",), ("receivedAt",)),
    "SP316": (("traits",),),
    "SP317": (("traits",), ("context", "traits")),
    **dict.fromkeys(("PV701", "PV702", "PV703", "PV704"), (("name",),)),
}
"""Fields that rules look at in each call, besides its type and event."""

Test = Callable[[Call], bool]
"""Whether a call has a fault."""


class CallTests:
    """Makes the tests of calls for a decoder.

    Args:
        codes: The rules that are on.
        attributes: Top-level field -> the attribute of a call that holds it.
        paths: All paths that are decoded.
        now: Replaces `receivedAt` if a call has none.
    """

    def __init__(
        self, codes: frozenset[str], attributes: Mapping[str, str], paths: Iterable[KeyPath], now: datetime
    ) -> None:
        self._on = codes
        self._now = now
        self._attributes = attributes
        self._paths = tuple(paths)
        self._of_type: dict[str, tuple[tuple[Fault, Test], ...]] = {}
        self.private = PrivateData(codes, attributes) if looks_inside(codes) else None

    def of_type(self, kind: str) -> tuple[tuple[Fault, Test], ...]:
        """The tests for a call type, except for ids."""
        found = self._of_type.get(kind)
        if found is None:
            found = self._of_type[kind] = tuple(self._tests(kind)) if kind in CALL_TYPES else ()
        return found

    def _tests(self, kind: str) -> Iterator[tuple[Fault, Test]]:
        on = self._on
        if "SP305" in on and kind == "group":
            yield Fault("SP305"), self._lacks_id("groupId")
        if "SP306" in on and kind == "alias":
            yield Fault("SP306"), self._lacks_id("previousId")
        if "SP308" in on:
            yield Fault("SP308"), self._lacks("messageId")
        if "SP309" in on:
            message_id = self._read("messageId")
            yield Fault("SP309"), lambda call: type(text := message_id(call)) is str and len(text) > 100
        if "SP311" in on:
            yield Fault("SP311"), self._lacks("timestamp")
        if "SP312" in on:
            for name in TIMES:
                yield Fault("SP312", pointer(name)), self._is_unreadable(name)
        if "SP313" in on:
            yield Fault("SP313", pointer("timestamp")), self._is_out_of_time()
        yield from self._tests_of_traits(kind)

    def _tests_of_traits(self, kind: str) -> Iterator[tuple[Fault, Test]]:
        on = self._on
        if "SP316" in on and kind in ("identify", "group"):
            traits = self._read("traits")
            yield (
                Fault("SP316", pointer("traits")),
                lambda call: (found := traits(call)) is not UNSET and not isinstance(found, OBJECTS),
            )
        if "SP317" in on and kind == "identify":
            own = self._read("traits")
            of_context = reader(self._attributes["context"], ("context", "traits"), self._paths)
            yield (
                Fault("SP317"),
                lambda call: own(call) in (None, UNSET) and of_context(call) not in (None, UNSET),
            )

    def _read(self, name: str) -> Callable[[Call], Any]:
        return attrgetter(self._attributes[name])

    def _lacks(self, name: str) -> Test:
        value = self._read(name)
        return lambda call: not value(call)

    def _lacks_id(self, name: str) -> Test:
        value = self._read(name)
        return lambda call: not is_id(value(call))

    def _is_unreadable(self, name: str) -> Test:
        value = self._read(name)
        return lambda call: unreadable(value(call))

    def _is_out_of_time(self) -> Test:
        timestamp, received = self._read("timestamp"), self._read("receivedAt")
        test = out_of_time(self._now)
        return lambda call: test(timestamp(call), received(call))


def looks_inside(codes: Iterable[str]) -> bool:
    """Whether rules look at all values in properties."""
    return any(code.startswith("PV") for code in codes)


def lacks_id(call: Call) -> bool:
    """Whether a call has no usable id (SP303)."""
    return not (is_id(call.user_id) or is_id(call.anonymous_id))


def has_text_id(call: Call) -> bool:
    """Whether a call has a text id, as nearly all do: a quick check before `lacks_id`."""
    own, other = call.user_id, call.anonymous_id
    return bool((own.__class__ is str and own) or (other.__class__ is str and other))


class PrivateData:
    """Finds personal data in calls; its rules are off by default.

    Args:
        codes: The rules that are on.
        attributes: Top-level field -> the attribute of a call that holds it.
    """

    def __init__(self, codes: frozenset[str], attributes: Mapping[str, str]) -> None:
        from validator.engine.lint import personal_data  # noqa: PLC0415 - its rules are off by default

        self._on = codes
        self._data = personal_data
        self._name = attrgetter(attributes["name"])

    def in_event(self, event: str) -> list[Fault]:
        """Personal data in the name of an event."""
        return [Fault(code, pointer("event")) for code in self._data.kinds_of_name(event) if code in self._on]

    def in_name(self, call: Call) -> list[Fault]:
        """Personal data in the name of a page or screen."""
        name = self._name(call)
        kinds = self._data.kinds_of_name(name) if type(name) is str else ()
        return [Fault(code, pointer("name")) for code in kinds if code in self._on]

    def in_properties(self, properties: Any) -> list[Fault]:
        """Personal data in properties: each code once per property."""
        if not isinstance(properties, dict):
            return []
        masked = self._data.masked
        found = self._data.found_in(properties)
        return list(
            dict.fromkeys(Fault(code, pointer("properties", masked(key))) for code, key in found if code in self._on)
        )
