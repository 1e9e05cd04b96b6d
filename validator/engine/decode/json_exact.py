"""Exact JSON (RFC 8259), for what the fast decoder refuses: large integers, lone surrogates, and batches."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from validator.input.batch_members import SHARED

if TYPE_CHECKING:
    from collections.abc import Mapping

# int() refuses longer literals, and takes quadratic time.
_INT_DIGITS = 4_000

# Characters of a message id shown in reports.
_ID_LENGTH = 200


def message_id(value: Mapping[str, Any]) -> str | None:
    """The call's `messageId` if it is a string, as reports show it."""
    found = value.get("messageId")
    return shown_id(found) if isinstance(found, str) else None


def shown_id(identity: str) -> str:
    """A message id as reports show it: long ones are cut."""
    return identity if len(identity) <= _ID_LENGTH else identity[: _ID_LENGTH - 1] + "…"


def batch_calls(body: Mapping[str, Any]) -> list[Any]:
    """The members of a batch; the outer `context` and `integrations` are merged into each, below its own values."""
    shared = {k: v for k in SHARED if isinstance(v := body.get(k), dict)}
    return [merged(shared, member) if isinstance(member, dict) else member for member in body["batch"]]


def merged(shared: Mapping[str, Mapping[str, Any]], member: dict[str, Any]) -> dict[str, Any]:
    """A member of a batch with the shared values; its own take precedence."""
    if not shared:
        return member
    merged = dict(member)
    for key, outer in shared.items():
        own = member.get(key, {})
        if isinstance(own, dict):
            merged[key] = {**outer, **own}
    return merged


def parse(data: bytes) -> Any:
    """Parses any JSON text (RFC 8259) in UTF-8: exact integers, numbers beyond a double, lone surrogates; nothing else.

    Raises:
        ValueError: It is not JSON.
    """
    try:
        return _parse_most(data)  # what it takes, it reads as the other does
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _PARSER.decode(data.decode())


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= _INT_DIGITS else Decimal(text)


_parse_most = msgspec.json.Decoder().decode
_PARSER = json.JSONDecoder(parse_constant=_no_constant, parse_int=_integer)
