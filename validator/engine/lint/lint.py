"""From the codes of the rules that are on to what the engine looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from validator.engine.decode import JSON_TYPE_OF, NO_PAYLOAD, UNSET, Envelope, Skipped
from validator.engine.generated import define
from validator.engine.lint import names
from validator.engine.lint.conventions import Naming
from validator.engine.lint.values import CURRENCIES, RESERVED, TIMES, out_of_time, unreadable
from validator.engine.paths import KeyPath, reader
from validator.model import CALL_TYPES, pointer

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

# Tells what is wrong with a call: rule codes, each with a space and a JSON pointer where a place is meant.
Probe = Callable[[Envelope], tuple[str, ...]]

_FIELDS: Final[Mapping[str, tuple[KeyPath, ...]]] = {
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
_KEYS: Final = frozenset(("NM407", "NM408", "NM409", "NM410"))  # about properties that no plan has
_EVENT_NAMES: Final = frozenset(("NM403", "NM405"))
_OBJECTS: Final = (dict, Skipped)


class Lint:
    """The rules that are on, as the engine sees them.

    Args:
        codes: Their codes; those of other layers are passed over.
        now: What calls without a time of arrival are compared with; the present if None.
        naming: How names are to be written; as Segment recommends, if None.
    """

    def __init__(self, codes: Iterable[str] = (), now: datetime | None = None, *, naming: Naming | None = None) -> None:
        self.codes = frozenset(codes)
        self.naming = naming or Naming()
        self.now = now or datetime.now(UTC)
        self.paths = tuple(dict.fromkeys(path for code in sorted(self.codes) for path in _FIELDS.get(code, ())))

    @cached_property
    def deep(self) -> bool:
        """Whether all that is in properties matters."""
        return any(code.startswith("PV") for code in self.codes)

    @cached_property
    def keys(self) -> bool:
        """Whether the properties that no plan knows have to be gathered."""
        return not self.codes.isdisjoint(_KEYS)

    @cached_property
    def event_names(self) -> bool:
        """Whether names of events are compared with each other."""
        return not self.codes.isdisjoint(_EVENT_NAMES)

    def watched(self, kind: str) -> tuple[str, ...]:
        """The properties whose types matter in calls of a type."""
        on = self.codes & {"SP314", "SP315"}
        return tuple(key for key in RESERVED.get(kind, ()) if "SP314" in on or (key == "currency" and on))

    def of_name(self, name: str) -> tuple[str, ...]:
        """What is wrong with an event name that no plan has."""
        found = []
        if "NM402" in self.codes and names.holds_value(name):
            found.append("NM402")
        if "NM404" in self.codes and names.odd_characters(name):
            found.append("NM404")
        if "NM406" in self.codes and not self.naming.events.follows(name):
            found.append("NM406")
        return tuple(found)


class CallLint:
    """The rules that are on, for calls as one decoder gives them.

    Args:
        lint: The rules.
        attributes: Top-level field -> the attribute of a call that holds it.
        paths: All paths that are decoded.
        aside: Is told what is found under keys of any name, with the call.

    Attributes:
        key: What tells apart calls of which the rules find different things: Python source over `call`.
        on: Whether there is anything to look at.
    """

    def __init__(
        self,
        lint: Lint,
        attributes: Mapping[str, str],
        paths: Iterable[KeyPath],
        aside: Callable[[Sequence[str], Envelope], None],
    ) -> None:
        self.lint = lint
        self.identity = attributes.get("messageId", "") if "SP310" in lint.codes else ""
        self.key = ""
        if "SP303" in lint.codes:
            self.key = f"not ({_is_id(attributes['userId'])} or {_is_id(attributes['anonymousId'])}), "
        self.key_of: Callable[[Envelope], tuple[Any, ...]] = define(f"def key(call): return ({self.key})", "key")
        self._attributes = attributes
        self._paths = tuple(paths)
        self._aside = aside
        if lint.deep:
            from validator.engine.lint import private  # noqa: PLC0415 - its rules are off by default

            self._private = private
        self._probes: dict[tuple[str, bool, bool], Probe | None] = {}

    def faults(self, kind: str, call: Envelope, *, planned: bool, known: Collection[str]) -> tuple[str, ...]:
        """What is wrong with all calls that look like this one.

        Args:
            kind: The call type in lower case.
            call: One of them.
            planned: Whether plans have a rule about such calls.
            known: The properties that plans judge.
        """
        codes, found = self.lint.codes, []
        payload: Any = call.properties
        if "SP303" in codes and kind in CALL_TYPES and self.key_of(call)[0]:
            found.append("SP303")
        if "SP304" in codes and kind == "track" and not call.event:
            found.append("SP304")
        if not isinstance(payload, dict):
            if "SP316" in codes and not planned and kind in RESERVED:
                found.append("SP316 /properties")
        elif "SP314" in codes:
            for key, types in RESERVED.get(kind, {}).items():
                value = payload.get(key)
                if value is not None and key not in known and JSON_TYPE_OF[type(value)] not in types:
                    found.append("SP314 " + pointer("properties", key))
        if kind == "track" and call.event and self.lint.deep:
            found += [f"{code} /event" for code in self._private.kinds_of_name(call.event) if code in codes]
        return tuple(found)

    def probe(self, kind: str, call: Envelope, known: Collection[str]) -> Probe | None:
        """What has to be asked of each such call; None for nothing."""
        payload: Any = call.properties
        keyed = isinstance(payload, dict) and payload is not NO_PAYLOAD
        currency = (
            "SP315" in self.lint.codes
            and keyed
            and kind == "track"
            and "currency" not in known
            and type(payload.get("currency")) is str
        )
        about = (kind, currency, keyed)
        if about not in self._probes:
            self._probes[about] = self._make(*about)
        return self._probes[about]

    def _make(self, kind: str, currency: bool, keyed: bool) -> Probe | None:
        """The function that asks all that is to be asked of such calls."""
        tests = list(self._tests(kind))
        if currency:
            tests.append(("SP315 /properties/currency", "call.properties['currency'] not in currencies"))
        lines = [f"    if {test}: found += ({code!r},)" for code, test in tests]
        if self.lint.deep and keyed:
            lines.append("    look(call)")
        if self.lint.deep and kind in ("page", "screen"):
            lines.append("    found += of_name(call)")
        if not lines:
            return None
        source = "\n".join(["def probe(call, kind=type):", "    found = ()", *lines, "    return found", ""])
        namespace: dict[str, Any] = {
            "currencies": CURRENCIES,
            "unreadable": unreadable,
            "out_of_time": out_of_time(self.lint.now),
            "objects": _OBJECTS,
            "unset": UNSET,
            "look": self._look_for_private,
            "of_name": self._private_in_name,
        }
        if "SP317" in self.lint.codes:
            path = ("context", "traits")
            namespace["context_traits"] = reader(self._attributes["context"], path, self._paths)
        probe: Probe = define(source, "probe", **namespace)
        return probe

    def _tests(self, kind: str) -> Iterable[tuple[str, str]]:
        """Code and place of what is found, and Python over `call` that is true where it is found."""
        on, of = self.lint.codes, {name: f"call.{attribute}" for name, attribute in self._attributes.items()}
        if kind not in CALL_TYPES:
            return
        if "SP305" in on and kind == "group":
            yield "SP305", f"not ({_is_id(self._attributes['groupId'])})"
        if "SP306" in on and kind == "alias":
            yield "SP306", f"not ({_is_id(self._attributes['previousId'])})"
        if "SP308" in on:
            yield "SP308", f"not {of['messageId']}"
        if "SP309" in on:
            yield "SP309", f"kind({of['messageId']}) is str and len({of['messageId']}) > 100"
        if "SP311" in on:
            yield "SP311", f"not {of['timestamp']}"
        if "SP312" in on:
            for name in TIMES:
                yield f"SP312 /{name}", f"unreadable({of[name]})"
        if "SP313" in on:
            yield "SP313 /timestamp", f"out_of_time({of['timestamp']}, {of['receivedAt']})"
        if "SP316" in on and kind in ("identify", "group"):
            yield "SP316 /traits", f"{of['traits']} is not unset and not isinstance({of['traits']}, objects)"
        if "SP317" in on and kind == "identify":
            absent = f"({of['traits']} is unset or {of['traits']} is None)"
            yield "SP317", f"{absent} and context_traits(call) not in (None, unset)"

    def _look_for_private(self, call: Envelope) -> None:
        payload: Any = call.properties
        on, found = self.lint.codes, self._private.found_in(payload)
        masked = self._private.masked
        faults = dict.fromkeys(f"{code} {pointer('properties', masked(key))}" for code, key in found if code in on)
        if faults:
            self._aside(tuple(faults), call)

    def _private_in_name(self, call: Envelope) -> tuple[str, ...]:
        """What is private in the name of a page or screen."""
        name = getattr(call, self._attributes["name"])
        kinds = self._private.kinds_of_name(name) if type(name) is str else ()
        return tuple(f"{code} /name" for code in kinds if code in self.lint.codes)


def _is_id(attribute: str) -> str:
    """Python that tells whether a call has an id there: text that is not empty, or a number."""
    value = f"call.{attribute}"
    kind = f"{value}.__class__"
    # An integer of very many digits is a Decimal.
    return f"({value} and ({kind} is str or {kind} is int or {kind} is float or {kind}.__name__ == 'Decimal'))"
