"""From the bytes of one line to what the engine counts; also the exact path that says what is wrong with a line."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec

from validator.model import LineClass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from validator.engine.view import Wanted
    from validator.model import Limits

UNSET = msgspec.UNSET

# What a decoder raises for a line that it cannot take; the exact path then says why.
REFUSED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

JSON_SPACE = b" \t\r\n"

# int() refuses longer literals, and is quadratic.
_INT_DIGITS = 4_000


class Skipped(msgspec.Struct, gc=False, eq=False):
    """Stands for an object that no check looks into; its members are skipped, not built."""


_SKIPPED = Skipped()
_Item = str | int | float | bool | None | Skipped | list[Any]
Value = str | int | float | bool | None | Skipped | list[_Item]
Payload = dict[str, Value] | list[_Item] | str | int | float | bool | None

# The payload of a call without one: a key no JSON object has a value of this type for.
NO_PAYLOAD: dict[str, Any] = {"": UNSET}

JSON_TYPE_OF: dict[type, str] = {
    str: "string",
    int: "integer",
    Decimal: "integer",
    float: "number",
    bool: "boolean",
    type(None): "null",
    Skipped: "object",
    dict: "object",
    list: "array",
}


# The same where a check looks into objects.
DeepPayload = dict[str, Any] | list[Any] | str | int | float | bool | None


class Envelope(msgspec.Struct, gc=False, eq=False):
    """The fields of a call that are decoded. The plans' own top-level fields are added in a subclass.

    There, `whole` is the whole call, if a check needs it.
    """

    type: str = ""
    event: str | None = None
    properties: Payload = msgspec.field(default_factory=lambda: NO_PAYLOAD)
    # A call with a batch is no call: any list here is refused and so comes to the exact path.
    batch: Skipped | str | int | float | bool | None = None


class Reading(NamedTuple):
    """What one line (or element) is.

    Attributes:
        line_class: Its class.
        fault: The code of the rule that it breaks as a line, if any.
        calls: Its calls as `(index, call, message_id)`; the index is -1 outside a batch.
        strays: The positions of batch members that are no objects.
    """

    line_class: LineClass
    fault: str | None
    calls: Sequence[tuple[int, Envelope, str | None]] = ()
    strays: Sequence[int] = ()


class Decoder:
    """Decodes lines for one program.

    Args:
        wanted: What plans look at besides the envelope's own fields.
        limits: The longest line and the deepest nesting.
    """

    def __init__(self, wanted: Wanted, limits: Limits) -> None:
        self.attributes = {name: attribute_name(i) for i, name in enumerate((*wanted.fields, *wanted.unkeyed))}
        self.wanted = wanted
        self._built = wanted.deep | {path[0] for path in wanted.paths if len(path) > 1}
        self.call_type = _call_type(wanted, self.attributes)
        decoder = msgspec.json.Decoder(self.call_type)
        self.decode_envelope: Callable[[bytes], Envelope] = decoder.decode
        self.decode_lines: Callable[[bytes], list[Envelope]] = decoder.decode_lines
        self._whole = msgspec.json.Decoder() if wanted.whole else None
        self._limits = limits
        self._shallow = Shallow(limits.depth)

    def block(self, data: bytes) -> list[Envelope] | None:
        """The calls of a block of lines, one from each line; None where that cannot be told for certain.

        A decoder of many lines joins and splits lines without a word. It did neither if a LF stands only between
        `}` and `{`, which JSON never has inside a value, and there are as many objects as lines.
        """
        lines = whole_objects(data)
        if not lines or not self.plain(data):
            return None
        try:
            calls = self.decode_lines(data)
            if len(calls) != lines:
                return None
            if self._whole:
                for call, whole in zip(calls, self._whole.decode_lines(data), strict=True):
                    call.whole = whole  # type: ignore[attr-defined]
        except REFUSED:
            return None
        return calls

    def decode(self, data: bytes) -> Envelope:
        """The call of one line.

        Raises:
            One of REFUSED.
        """
        call = self.decode_envelope(data)
        if self._whole:
            call.whole = self._whole.decode(data)  # type: ignore[attr-defined]
        return call

    def plain(self, data: bytes) -> bool:
        """Whether no line of a block can be too long or too deep, and all is UTF-8: nothing that decoding overlooks."""
        return len(data) <= self._limits.line and is_utf8(data) and self._shallow.holds(data)

    def read(self, data: bytes) -> Reading:
        """Reads one line without its LF (or one element); never raises."""
        if len(data) > self._limits.line:
            return Reading(LineClass.TOO_LONG, "IN504")
        if not data.strip(JSON_SPACE):
            return Reading(LineClass.BLANK, None)
        if not is_utf8(data):
            return Reading(LineClass.MALFORMED, "IN502")
        if data.count(b"{") + data.count(b"[") <= self._limits.depth or nesting(data) <= self._limits.depth:
            try:
                call = self.decode(data)
            except REFUSED:
                return self._exact(data)
            return Reading(LineClass.CALL, None, ((-1, call, None),))
        return Reading(LineClass.TOO_DEEP, "IN505")

    def _exact(self, data: bytes) -> Reading:
        try:
            value = parse(data)
        except ValueError:
            return Reading(LineClass.MALFORMED, "IN501")
        if not isinstance(value, dict):
            return Reading(LineClass.NOT_OBJECT, "IN503")
        if not isinstance(value.get("batch"), list):
            return Reading(LineClass.CALL, None, ((-1, self.call(value), message_id(value)),))
        members = batch_calls(value)
        calls = [(i, self.call(m), message_id(m)) for i, m in enumerate(members) if isinstance(m, dict)]
        return Reading(LineClass.BATCH, None, calls, [i for i, m in enumerate(members) if not isinstance(m, dict)])

    def call(self, value: Mapping[str, Any]) -> Envelope:
        """The same call, as decoding would give it, from a parsed object with any values."""
        kind, event = value.get("type"), value.get("event")
        call: Envelope = self.call_type(
            type=kind if isinstance(kind, str) else "",
            event=event if isinstance(event, str) else None,
            properties=value.get("properties", NO_PAYLOAD),
        )
        for name, attribute in self.attributes.items():
            found = value.get(name, UNSET)
            setattr(call, attribute, _SKIPPED if isinstance(found, dict) and name not in self._built else found)
        if self._whole:
            call.whole = value  # type: ignore[attr-defined]
        return call


def _call_type(wanted: Wanted, attributes: Mapping[str, str]) -> type[Envelope]:
    """The envelope with the fields that plans look at."""
    from validator.engine.paths import by_field, inside  # noqa: PLC0415 - which needs the types of this module

    below = {} if not wanted.paths else by_field(wanted.paths)
    fields: list[Any] = []
    for name, attribute in attributes.items():
        kind: Any = Value | msgspec.UnsetType
        if name in wanted.deep:
            kind = Any
        elif name in wanted.unkeyed and below.get(name):
            kind = inside(below[name])
        fields.append((attribute, kind, UNSET))
    rename = {attribute: name for name, attribute in attributes.items()}
    if "properties" in wanted.deep:
        fields.append(("properties", DeepPayload, msgspec.field(default_factory=lambda: NO_PAYLOAD)))
    if wanted.whole:
        fields.append(("whole", Any, None))
        free = ("uclint:" + "whole" * n for n in range(1, len(rename) + 2))
        rename["whole"] = next(name for name in free if name not in attributes)  # set after decoding
    made = msgspec.defstruct("Call", fields, bases=(Envelope,), rename=rename, gc=False, eq=False)
    return cast("type[Envelope]", made)


def attribute_name(number: int) -> str:
    """The attribute of a call that holds a top-level field; plans' own names never become code."""
    return f"field_{number}"


def message_id(value: Mapping[str, Any]) -> str | None:
    """The call's `messageId` where it is a string."""
    found = value.get("messageId")
    return found if isinstance(found, str) else None


def batch_calls(body: Mapping[str, Any]) -> list[Any]:
    """The members of a batch; the outer `context` and `integrations` are merged into each, whose own values win."""
    shared = {k: v for k in ("context", "integrations") if isinstance(v := body.get(k), dict)}
    if not shared:
        return list(body["batch"])
    return [_merged(shared, member) if isinstance(member, dict) else member for member in body["batch"]]


def _merged(shared: dict[str, dict[str, Any]], member: dict[str, Any]) -> dict[str, Any]:
    merged = dict(member)
    for key, outer in shared.items():
        own = member.get(key, {})
        if isinstance(own, dict):
            merged[key] = {**outer, **own}
    return merged


def parse(data: bytes) -> Any:
    """Parses any JSON text (RFC 8259): exact integers, numbers beyond a double, lone surrogates; nothing else.

    Raises:
        ValueError: It is no JSON.
    """
    return _PARSER.decode(data.decode())


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= _INT_DIGITS else Decimal(text)


_PARSER = json.JSONDecoder(parse_constant=_no_constant, parse_int=_integer)


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8; decoders do not look at the bytes of what they skip."""
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def whole_objects(data: bytes) -> int:
    """How many lines a block has, if each starts with `{` and ends with `}` and LF; else 0."""
    if not data.startswith(b"{") or not data.endswith(b"}\n"):
        return 0
    find, starts = data.find, data.startswith
    lines, end = 1, find(b"\n")
    while starts(b"}\n{", end - 1):
        lines += 1
        end = find(b"\n", end + 1)
    return lines if end == len(data) - 1 else 0


# A window of this size rarely has as many brackets as one line may have.
_WINDOW = 12_000


class Shallow:
    """Tells cheaply that no line of a block can nest deeper than a limit.

    Nesting needs that many opening brackets on a line, so windows of whole lines with fewer are safe. The size of a
    window follows how dense brackets are.
    """

    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._window = _WINDOW

    def holds(self, data: bytes) -> bool:
        """False where a line may nest deeper, brackets in strings counted in."""
        start, size, window = 0, len(data), self._window
        while start < size:
            end = data.rfind(b"\n", start, start + window) + 1 or data.find(b"\n", start) + 1 or size
            if self._few(data[start:end]):
                start = end
                window = self._window = min(self._window * 9 // 8, _WINDOW)
            elif data.find(b"\n", start, end - 1) < 0:
                return False
            else:
                window //= 2
                self._window = max(window, self._window * 3 // 4)
        return True

    def _few(self, lines: bytes) -> bool:
        # Replacing is a memchr and a copy in C: three times as fast as counting, which looks at byte after byte. Most
        # windows pass with an allowance for each bracket, which spares a second look at the commoner one.
        few = self._depth // 8
        if lines.replace(b"[", b"{", few).find(b"[") < 0:
            return lines.replace(b"{", b"[", self._depth - few).find(b"{") < 0
        return lines.replace(b"{", b"[").replace(b"[", b"{", self._depth).find(b"[") < 0


# A string; one that is not closed goes to the end.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_NOT_BRACKETS = bytes(c for c in range(256) if c not in b"{}[]")


def nesting(data: bytes) -> int:
    """How deep arrays and objects stand inside one another, strings left out."""
    depth = deepest = 0
    for bracket in _STRING.sub(b"", data).translate(None, _NOT_BRACKETS):
        if bracket in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest
