"""Decodes lines to calls; the exact path reports what is wrong with a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec

from validator.engine.decode.abridge import LARGE, Abridger
from validator.engine.decode.block_guard import Shallow, is_utf8, nesting, whole_objects
from validator.engine.decode.call import NO_PROPERTIES, SKIPPED, UNSET, Call, Value, attribute_name
from validator.engine.decode.json_exact import batch_calls, merged, parse
from validator.engine.decode.key_paths import by_field, inside
from validator.engine.decode.long_lines import is_json
from validator.input.batch_members import GROUP, BatchText
from validator.input.blank_lines import JSON_SPACE
from validator.input.json_spans import content_start
from validator.model import LineClass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from validator.engine.decode.key_paths import Wanted
    from validator.input.json_spans import Span
    from validator.model import Limits

# Exceptions of a decoder for a line it refuses; the exact path then finds out why.
REFUSED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

# Fields with an attribute in every call.
_OWN = {"userId": "user_id", "anonymousId": "anonymous_id"}


class Reading(NamedTuple):
    """The reading of one line (or element).

    Attributes:
        line_class: Its class.
        fault: The code of the rule that the line itself breaks, if any.
        calls: Its calls as `(index, call, value)`; the index is -1 outside a batch; the value is the parsed call, if it
            was parsed.
        strays: The positions of batch members that are not objects.
        parts: For a long batch, instead of its calls: an iterator of readings of some members each.
        span: The span in the line of the only call of such a part, if it may be large.
    """

    line_class: LineClass
    fault: str | None
    calls: Sequence[tuple[int, Call, Mapping[str, Any] | None]] = ()
    strays: Sequence[int] = ()
    parts: Iterator[Reading] | None = None
    span: Span | None = None


BLANK = Reading(LineClass.BLANK, None)
NOT_OBJECT = Reading(LineClass.NOT_OBJECT, "IN503")

_skip = msgspec.json.Decoder(msgspec.Raw).decode


def _is_json(data: bytes) -> bool:
    """Whether a text is certainly JSON; does not build it."""
    try:
        _skip(data)
    except REFUSED:
        return False
    return True


class Decoder:
    """Decodes lines for one program.

    Args:
        wanted: What to decode besides the call's own fields.
        limits: The longest line and the deepest nesting.

    Attributes:
        attributes: Top-level field -> the attribute of a call that holds it.
    """

    def __init__(self, wanted: Wanted, limits: Limits) -> None:
        self.attributes = {
            name: _OWN.get(name) or attribute_name(i) for i, name in enumerate((*wanted.fields, *wanted.others))
        }
        self.wanted = wanted
        self._built = wanted.deep | {path[0] for path in wanted.paths if len(path) > 1}
        self.call_type = _call_type(wanted, self.attributes)
        decoder = msgspec.json.Decoder(self.call_type)
        self._decode_call: Callable[[bytes], Call] = decoder.decode
        self._decode_lines: Callable[[bytes], list[Call]] = decoder.decode_lines
        self._whole = msgspec.json.Decoder() if wanted.whole else None
        self._limits = limits
        self._abridge = Abridger(wanted)
        self._shallow = Shallow(limits.depth)

    def block(self, data: bytes) -> list[Call] | None:
        """The calls of a block of lines, one from each line; None if uncertain.

        A decoder of many lines silently joins and splits lines. It did neither if each LF stands between `}` and `{`,
        which JSON never has inside a value, and there are as many objects as lines.
        """
        lines = whole_objects(data)
        if not lines or not self.plain(data):
            return None
        try:
            calls = self._decode_lines(data)
            if len(calls) != lines:
                return None
            if self._whole:
                for call, whole in zip(calls, self._whole.decode_lines(data), strict=True):
                    call.whole = whole  # type: ignore[attr-defined]
        except REFUSED:
            return None
        return calls

    def decode(self, data: bytes) -> Call:
        """The call of one line.

        Raises:
            One of REFUSED.
        """
        call = self._decode_call(data)
        if self._whole:
            call.whole = self._whole.decode(data)  # type: ignore[attr-defined]
        return call

    def plain(self, data: bytes) -> bool:
        """Whether no line of a block can be too long or too deep, and all are UTF-8, which decoding would overlook.

        A block that is larger than usual has a long line, which needs the exact path.
        """
        return len(data) <= min(self._limits.line, LARGE) and is_utf8(data) and self._shallow.holds(data)

    def read(self, data: bytes) -> Reading:
        """Reads one line without its LF (or one element); never raises."""
        if len(data) > self._limits.line:
            return Reading(LineClass.TOO_LONG, "IN504")
        if content_start(data) == len(data):
            return BLANK
        if not is_utf8(data):
            return Reading(LineClass.MALFORMED, "IN502")
        if data.count(b"{") + data.count(b"[") > self._limits.depth and nesting(data) > self._limits.depth:
            return Reading(LineClass.TOO_DEEP, "IN505")
        return self.read_plain(data)

    def read_plain(self, data: bytes) -> Reading:
        """Reads one line that is neither too long nor too deep, and is UTF-8."""
        text = data.lstrip(JSON_SPACE)
        if not text.startswith(b"{"):
            if not text:
                return BLANK
            return NOT_OBJECT if _is_json(text) else self.exact(data)
        try:
            found = None if len(data) > LARGE else self.decode(data)
        except REFUSED:
            found = None
        return Reading(LineClass.CALL, None, ((-1, found, None),)) if found else self.exact(data)

    def exact(self, data: bytes) -> Reading:
        """Reads one line that is neither too long, too deep nor blank, and is UTF-8, by RFC 8259."""
        if len(data) > GROUP:
            return self._exact_long(data)
        try:
            value = parse(data)
        except ValueError:
            return Reading(LineClass.MALFORMED, "IN501")
        if not isinstance(value, dict):
            return Reading(LineClass.NOT_OBJECT, "IN503")
        if not isinstance(value.get("batch"), list):
            return Reading(LineClass.CALL, None, ((-1, self.call(value), value),))
        return self._members(0, batch_calls(value))

    def _exact_long(self, data: bytes) -> Reading:
        """The same, but builds only a part of a long batch, or an abridged large call."""
        if not is_json(data):
            return Reading(LineClass.MALFORMED, "IN501")
        if not data.startswith(b"{", content_start(data)):
            return Reading(LineClass.NOT_OBJECT, "IN503")
        if batch := BatchText.of(data):
            return Reading(LineClass.BATCH, None, parts=self._parts(batch))
        value = parse(self._abridge(data) if len(data) > LARGE else data)
        return Reading(LineClass.CALL, None, ((-1, self.call(value), value),))

    def _parts(self, batch: BatchText) -> Iterator[Reading]:
        """The members of a batch, in groups."""
        shared = {key: self._shared(key, batch.text[slice(*span)]) for key, span in batch.shared.items()}
        first = 0
        for start, end in batch.groups():
            if end - start > LARGE and batch.text.startswith(b"{", start):
                text = self._abridge(batch.text[start:end])
            else:
                text = batch.text[start:end].rstrip(JSON_SPACE + b",")
            found = [merged(shared, m) if isinstance(m, dict) else m for m in parse(b"[" + text + b"]")]
            yield self._members(first, found)._replace(span=(start, end) if end - start > GROUP else None)
            first += len(found)

    def _shared(self, key: str, text: bytes) -> Any:
        """The value that the members of a batch share under a key, if it is needed."""
        kept = key in self._built or self._whole or len(text) <= LARGE
        return parse(text) if kept else {}

    def _members(self, first: int, members: Sequence[Any]) -> Reading:
        calls = [(i, self.call(m), m) for i, m in enumerate(members, first) if isinstance(m, dict)]
        strays = [i for i, m in enumerate(members, first) if not isinstance(m, dict)]
        return Reading(LineClass.BATCH, None, calls, strays)

    def call(self, value: Mapping[str, Any]) -> Call:
        """Makes the call that decoding would give from a parsed object with any values."""
        kind, event = value.get("type"), value.get("event")
        call = self.call_type(
            type=kind if isinstance(kind, str) else "",
            event=event if isinstance(event, str) else None,
            properties=value.get("properties", NO_PROPERTIES),
            user_id=value.get("userId", UNSET),
            anonymous_id=value.get("anonymousId", UNSET),
        )
        attributes = self.attributes
        for name, found in value.items():
            if (attribute := attributes.get(name)) is not None:
                setattr(call, attribute, SKIPPED if isinstance(found, dict) and name not in self._built else found)
        if self._whole:
            call.whole = value  # type: ignore[attr-defined]
        return call


def _call_type(wanted: Wanted, attributes: Mapping[str, str]) -> type[Call]:
    """The call, with the fields of plans set."""
    below = {} if not wanted.paths else by_field(wanted.paths)
    fields: list[Any] = []
    for name, attribute in attributes.items():
        kind: Any = Value | msgspec.UnsetType
        if name in wanted.deep:
            kind = Any
        elif name in wanted.others and below.get(name):
            kind = inside(below[name])
        fields.append((attribute, kind, UNSET))
    rename = {attribute: name for name, attribute in attributes.items()}
    if wanted.whole:
        fields.append(("whole", Any, None))
        free = ("uclint:" + "whole" * n for n in range(1, len(rename) + 2))
        rename["whole"] = next(name for name in free if name not in attributes)  # set after decoding
    made = msgspec.defstruct("DecodedCall", fields, bases=(Call,), rename=rename, gc=False, eq=False)
    return cast("type[Call]", made)
