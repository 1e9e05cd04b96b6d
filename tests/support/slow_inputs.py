"""Inputs that take long to read within the default limits: each is made of as many pieces as are asked for."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_KEYS: Final = ("order_id", "total", "revenue", "tax", "shipping", "currency", "coupon", "discount", "products")

_LINE = 1_000_000  # nearly as long as a line may be


def _call(event: object, **properties: object) -> bytes:
    return json.dumps({"type": "track", "event": event, "userId": "u", "properties": properties}).encode()


def _batch(members: Iterator[bytes]) -> bytes:
    """A line that is a batch of members, nearly as long as a line may be."""
    kept, size = [], 0
    for member in members:
        kept.append(member)
        size += len(member) + 1
        if size > _LINE:
            break
    return b'{"batch":[' + b",".join(kept) + b"]}\n"


def _distinct(start: int) -> Iterator[bytes]:
    return (b'{"properties":{"p%d":1}}' % n for n in range(start, start + _LINE))


def _of_lines(line: Callable[[int], bytes], count: int) -> Callable[[int], bytes]:
    return lambda n: b"".join(line(n * count + at) + b"\n" for at in range(count))


PIECES: Mapping[str, Callable[[int], bytes]] = {
    "blank lines": lambda _: b"\n" * _LINE,
    "lines of spaces": lambda _: (b" " * 99 + b"\n") * 10_000,
    "one space a line": lambda _: b" \n" * 500_000,
    "lists": lambda _: b"[]\n" * 300_000,
    "not JSON": lambda _: b"x\n" * 300_000,
    "not UTF-8": lambda _: b"\xff\n" * 300_000,
    "empty objects": lambda _: b"{}\n" * 300_000,
    "two objects a line": lambda _: b"{}{}\n" * 200_000,
    "CRLF, blank between": lambda _: b"{}\r\n\r\n" * 150_000,
    "distinct shapes": _of_lines(lambda n: _call("Order Completed", **{f"p{n}": 1}), 10_000),
    "distinct properties, many a call": _of_lines(
        lambda n: _call("Trial Started", **{f"p{n * 40 + at}": at for at in range(40)}), 1_500
    ),
    "distinct long names": _of_lines(lambda n: _call(f"{n} " + "x" * 1_000), 1_000),
    "near misses of names": _of_lines(lambda n: _call(f"Order Complete{n}"), 10_000),
    "types of planned properties": _of_lines(
        lambda n: _call("Order Completed", **{k: (1, "x", None, [], {})[n // 5**i % 5] for i, k in enumerate(_KEYS)}),
        5_000,
    ),
    "deep": _of_lines(lambda _: b'{"a":' + b"[" * 126 + b"]" * 126 + b"}", 4_000),
    "too deep": _of_lines(lambda _: b"[" * 200 + b"]" * 200, 2_500),
    "long strings of brackets": lambda _: b'{"a":"' + b"[{" * (_LINE // 2) + b'"}\n',
    "escapes": lambda _: b'{"event":"' + b"\\u00e4" * (_LINE // 6) + b'"}\n',
    "long lines, not JSON": lambda _: b'{"a":[' + b"1," * (_LINE // 2) + b"]}\n",
    "lines too long": lambda _: b"x" * (2 << 20) + b"\n",
    "batches of empty objects": lambda _: _batch(b"{}" for _ in range(_LINE)),
    "batches of numbers": lambda _: _batch(b"1" for _ in range(_LINE)),
    "batches of distinct shapes": lambda n: _batch(_distinct(n * _LINE)),
    "one object of many keys": lambda n: _call("Order Completed", **{f"k{n}-{at}": 0 for at in range(70_000)}) + b"\n",
    "whole numbers without end": lambda _: b'{"batch":[{"a":' + b"9" * (_LINE - 100) + b"}]}\n",
}

DOCUMENTS: Mapping[str, Callable[[int], bytes]] = {
    "an array of empty objects": lambda n: (b"[{}" if n == 0 else b"") + b",{}" * 300_000,
    "an array that is pretty-printed": lambda n: (b"[\n{}" if n == 0 else b"") + b",\n{\n}" * 200_000,
    "brackets that do not balance": lambda _: b'{"a":[\n}\n' * 100_000,
}

EVERY: Mapping[str, Callable[[int], bytes]] = {**PIECES, **DOCUMENTS}


def packed(piece: bytes) -> bytes:
    """A gzip member of a piece, quickly made."""
    return gzip.compress(piece, 1)
