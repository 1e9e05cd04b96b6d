"""Blocks of whole physical lines over one reused buffer, in memory that does not grow with the input."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from validator.input.source import Source

# Measured: larger reads cost a third of the speed in page faults.
BLOCK = 1 << 16


class Block(NamedTuple):
    """Some whole lines.

    Attributes:
        byte: Offset of the first of them.
        data: The lines with their LFs; only the last line of an input may lack its LF. Empty for one line that
            was longer than the limit and has been passed over.
    """

    byte: int
    data: bytes


def _forget(piece: bytes) -> None:
    """Nobody wants what is passed over."""


def line_blocks(
    source: Source, *, start: int, max_line: int, passed_over: Callable[[bytes], None] = _forget
) -> Iterator[Block]:
    """Yields every line of `source`, whole, in order.

    A line that does not fit `max_line` bytes may still be yielded with its text (when it fits the buffer); a longer
    one is read past and yielded without.

    Args:
        source: Where the bytes come from.
        start: The offset of its first byte.
        max_line: Bytes of a line without its LF that are worth keeping.
        passed_over: Is given a longer line piece by piece, the last with its LF.
    """
    buffer, filled, byte = bytearray(BLOCK), 0, start
    while count := source.readinto(memoryview(buffer)[filled : filled + BLOCK]):
        end = filled + count
        cut = buffer.rfind(b"\n", filled, end) + 1
        if cut and len(buffer) > BLOCK:
            # A long line, and what came with its end. The buffer goes first: so nothing but the line itself is long.
            cut = buffer.find(b"\n", filled, end) + 1
            line, rest = bytes(memoryview(buffer)[:cut]), buffer[cut:end]
            buffer = bytearray(BLOCK)
            yield Block(byte, line)
            byte += cut
            del line
            if cut := rest.rfind(b"\n") + 1:
                yield Block(byte, bytes(rest[:cut]))
            byte, filled = byte + cut, len(rest) - cut
            buffer[:filled] = rest[cut:]
        elif cut:
            yield Block(byte, bytes(memoryview(buffer)[:cut]))
            rest = buffer[cut:end]
            byte, filled = byte + cut, len(rest)
            buffer[:filled] = rest
        elif end < len(buffer):
            filled = end
        elif end <= max_line:
            buffer += bytes(min(len(buffer), max_line + 1 - end))
            filled = end
        else:
            passed_over(bytes(memoryview(buffer)[:end]))
            yield Block(byte, b"")
            byte, beyond = _after_line(source, buffer, byte + end, passed_over)
            # What was read beyond may hold whole lines: they must not wait behind what is read next.
            if cut := beyond.rfind(b"\n") + 1:
                yield Block(byte, beyond[:cut])
            byte, filled = byte + cut, len(beyond) - cut
            buffer = bytearray(BLOCK)
            buffer[:filled] = beyond[cut:]
    if filled:
        line = bytes(memoryview(buffer)[:filled])
        del buffer
        yield Block(byte, line)


def _after_line(
    source: Source, buffer: bytearray, byte: int, passed_over: Callable[[bytes], None]
) -> tuple[int, bytes]:
    """Reads past the LF of an overlong line; returns the offset after it and what was read beyond."""
    view = memoryview(buffer)[:BLOCK]
    while count := source.readinto(view):
        if cut := buffer.find(b"\n", 0, count) + 1:
            passed_over(bytes(view[:cut]))
            return byte + cut, bytes(view[cut:count])
        passed_over(bytes(view[:count]))
        byte += count
    return byte, b""
