"""Lines and elements in memory, which can be halved."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.input.lines import Block

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.input.documents import Element


class Lines(NamedTuple):
    """Whole lines in memory."""

    held: Sequence[Block]

    def blocks(self) -> Iterator[Block]:
        """The lines."""
        return iter(self.held)

    def halves(self) -> tuple[Lines, Lines] | None:
        """The same lines in two parts; None for a single line."""
        if middle := len(self.held) // 2:
            return Lines(self.held[:middle]), Lines(self.held[middle:])
        ((byte, data),) = self.held
        half = len(data) // 2
        cut = data.rfind(b"\n", 0, half) + 1 or data.find(b"\n", half) + 1
        if not 0 < cut < len(data):
            return None
        return Lines([Block(byte, data[:cut])]), Lines([Block(byte + cut, data[cut:])])

    @property
    def start(self) -> int:
        """The offset of the first line."""
        return self.held[0].byte

    @property
    def text(self) -> bytes:
        """The text of a single line."""
        return self.held[0].data

    @property
    def end(self) -> int:
        """The offset after a single line."""
        return self.held[0].byte + len(self.text)

    def with_text(self, text: bytes) -> Lines:
        """A copy of a single line with another text."""
        return Lines([Block(self.held[0].byte, text)])


class Group(NamedTuple):
    """Elements of documents."""

    held: Sequence[Element]

    def halves(self) -> tuple[Group, Group] | None:
        """The same elements in two parts; None for a single one."""
        middle = len(self.held) // 2
        return (Group(self.held[:middle]), Group(self.held[middle:])) if middle else None

    @property
    def text(self) -> bytes:
        """The text of a single element."""
        return self.held[0].data or b""

    @property
    def end(self) -> int:
        """The offset after a single element."""
        return self.held[0].byte + len(self.text)

    def with_text(self, text: bytes) -> Group:
        """A copy of a single element with another text."""
        return Group([self.held[0]._replace(data=text)])
