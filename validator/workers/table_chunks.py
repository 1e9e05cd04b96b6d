"""Chunks of a table: ranges of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.input.tables.table import ROW, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.input.lines import Block
    from validator.input.ranges import Ranges
    from validator.input.tables.layout import Layout

# Bytes of a chunk as stored, about: so many groups of rows are read by one worker.
_CHUNK = 16 << 20


class TableFile(NamedTuple):
    """How to open a table again, in a worker.

    Attributes:
        ranges: Reads its bytes.
        kind: `Parquet` or `Arrow`.
        path: Its path.
        column: The column with calls; None if the columns are their fields.
    """

    ranges: Ranges
    kind: str
    path: str
    column: str | None

    def open(self) -> Table:
        """Opens it."""
        return Table(self.ranges, self.kind, self.path, (self.column,))


class TableRange(NamedTuple):
    """Some rows of a table.

    Attributes:
        file: The table.
        first: The number of the first row, from 0.
        end: The number after the last.
        size: Their bytes as stored, about.
    """

    file: TableFile
    first: int
    end: int
    size: int

    @property
    def start(self) -> int:
        """The offset of the first row, as places have it."""
        return self.first * ROW

    def blocks(self) -> Iterator[Block]:
        """The rows as lines."""
        return self.file.open().blocks(self.first, self.end)

    def halves(self) -> tuple[TableRange, TableRange] | None:
        """The same rows in two chunks; None for a single row."""
        middle = (self.first + self.end) // 2
        if middle == self.first:
            return None
        half = self.size // 2
        first = TableRange(self.file, self.first, middle, half)
        return first, TableRange(self.file, middle, self.end, self.size - half)


def table_ranges(file: TableFile, table: Layout, jobs: int) -> Iterator[TableRange]:
    """Splits a table at its groups of rows; what the groups do not account for is in the last chunk."""
    size = min(_CHUNK, max(table.size // (3 * jobs), 1 << 20))
    first, filled, given = 0, 0, 0
    whole = sum(group.bytes for group in table.groups) or 1
    for number, group in enumerate(table.groups):
        filled += group.bytes
        stored, end = filled * table.size // whole, group.start + group.rows
        is_last = number == len(table.groups) - 1
        if end > first and (stored - given >= size or is_last):
            yield TableRange(file, first, end, stored - given)
            first, given = end, stored
