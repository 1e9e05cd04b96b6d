"""One table: its groups of rows, and their calls as lines. A row is a line, and its number is the line's."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from validator.errors import UclintError, UsageError
from validator.input.lines import Block
from validator.input.source import DamagedError
from validator.input.tables.columns import SAMPLE, chosen
from validator.input.tables.kinds import kind_of_table, lacking, options
from validator.input.tables.rows import field_lines, text_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.input.ranges import Ranges
    from validator.input.stream import Stream

# Rows that are decoded at once.
_BATCH: Final = 4_096

# A row has no offset in bytes. Places compare by offsets, so each row begins at a multiple of this.
ROW: Final = 1 << 40


class Group(NamedTuple):
    """A group of rows: the number of its first row, from 0, how many there are, and their bytes as stored."""

    start: int
    rows: int
    bytes: int


class Table:
    """An open table.

    Args:
        ranges: Reads its bytes.
        kind: `Parquet` or `Arrow`.
        path: Its path, for messages.
        column: The column that is read, alone in a tuple; None to choose it.

    Raises:
        OSError: It cannot be read.
        UsageError: It is not clear which column is meant.

    Attributes:
        size: Its bytes as stored.
        groups: Its groups of rows.
        column: The column with the JSON text of calls; None if the columns are their fields.
    """

    def __init__(self, ranges: Ranges, kind: str, path: str, column: tuple[str | None] | None = None) -> None:
        if why := lacking():
            raise OSError(0, f"this is {_named(kind)}, {why}")
        self.path = path
        self.kind = kind
        self.size = ranges.size
        self._file = _RangesFile(ranges)
        self._read = _Parquet if kind == "Parquet" else _Arrow
        self._source: _Parquet | _Arrow = self._guarded(lambda: self._read(self._file))
        self.groups: list[Group] = self._guarded(self._source.groups)
        self.column: str | None = self._chosen() if column is None else column[0]

    def _guarded(self, do: Any) -> Any:
        try:
            return do()
        except UclintError:
            raise
        except Exception as error:
            if self._file.fault is not None:
                raise self._file.fault from None
            damaged = isinstance(error, ValueError | OSError)
            what = "is damaged" if damaged else "cannot be read"
            raise (DamagedError if damaged else OSError)(0, f"the {self.kind} file {what}: {_reason(error)}") from None

    def _chosen(self) -> str | None:
        names, texts = self._source.columns()
        asked = options.column
        few = asked is None and texts and not {"type", "event"} & set(names)
        first: Any = self._guarded(lambda: self._first(texts)) if few else None
        sample = [] if first is None else [(name, first.column(name).to_pylist()) for name in texts]
        return chosen(names, texts, sample, self.path, asked)

    def _first(self, columns: list[str]) -> Any:
        """The first rows."""
        for number, group in enumerate(self.groups):
            if group.rows:
                for batch in self._source.batches(number, columns):
                    return batch.slice(0, SAMPLE)
        return None

    def blocks(self, start: int = 0, end: int | None = None) -> Iterator[Block]:
        """The calls of the rows from `start` up to `end`, as lines.

        Raises:
            OSError: They cannot be read.
        """
        for number, group in enumerate(self.groups):
            if group.start + group.rows <= start or (end is not None and group.start >= end):
                continue
            first = max(start - group.start, 0)
            most = group.rows if end is None else min(end - group.start, group.rows)
            yield from self._blocks_of(number, group, first, most)

    def _blocks_of(self, number: int, group: Group, first: int, most: int) -> Iterator[Block]:
        at = 0
        columns = None if self.column is None else [self.column]
        batches = iter(self._guarded(lambda: self._source.batches(number, columns)))
        while (batch := self._guarded(lambda: next(batches, None))) is not None:
            before, at = at, at + len(batch)
            if at <= first or before >= most:
                continue
            skip = max(first - before, 0)
            batch = batch.slice(skip, min(at, most) - before - skip)
            row = group.start + before + skip
            lines = field_lines(batch) if self.column is None else text_lines(batch.column(self.column))
            while (found := self._guarded(lambda lines=lines: next(lines, None))) is not None:
                rows, text = found
                yield Block(row * ROW, text)
                row += rows


def open_table(stream: Stream) -> Table:
    """The table in an input whose ranges can be read.

    Raises:
        OSError: It cannot be read.
    """
    kind, ranges = kind_of_table(stream.head), stream.ranges
    assert kind is not None  # noqa: S101 - whoever calls this has looked
    assert ranges is not None  # noqa: S101
    try:
        return Table(ranges, kind, stream.path)
    except UsageError as error:
        raise OSError(0, str(error)) from None


class _Parquet:
    def __init__(self, file: _RangesFile) -> None:
        import pyarrow.parquet as pq  # noqa: PLC0415 - only where tables are read

        self._file = pq.ParquetFile(file, pre_buffer=False)

    def groups(self) -> list[Group]:
        found, start = [], 0
        metadata = self._file.metadata
        for number in range(metadata.num_row_groups):
            group = metadata.row_group(number)
            found.append(Group(start, group.num_rows, group.total_byte_size))
            start += group.num_rows
        return found

    def columns(self) -> tuple[list[str], list[str]]:
        return _columns(self._file.schema_arrow)

    def batches(self, number: int, columns: list[str] | None) -> Iterator[Any]:
        found: Iterator[Any] = self._file.iter_batches(_BATCH, [number], columns, use_threads=False)
        return found


class _Arrow:
    def __init__(self, file: _RangesFile) -> None:
        import pyarrow as pa  # noqa: PLC0415 - only where tables are read

        self._file = pa.ipc.open_file(file)

    def groups(self) -> list[Group]:
        found, start = [], 0
        for number in range(self._file.num_record_batches):
            batch = self._file.get_batch(number)
            found.append(Group(start, len(batch), batch.nbytes))
            start += len(batch)
        return found

    def columns(self) -> tuple[list[str], list[str]]:
        return _columns(self._file.schema)

    def batches(self, number: int, columns: list[str] | None) -> Iterator[Any]:
        batch = self._file.get_batch(number)
        whole = batch if columns is None else batch.select(columns)
        return (whole.slice(start, _BATCH) for start in range(0, len(whole), _BATCH))


def _columns(schema: Any) -> tuple[list[str], list[str]]:
    """All columns, and those of text."""
    import pyarrow as pa  # noqa: PLC0415 - only where tables are read

    def is_text(kind: Any) -> bool:
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        of = pa.types
        return bool(of.is_string(kind) or of.is_large_string(kind) or of.is_binary(kind) or of.is_large_binary(kind))

    return list(schema.names), [field.name for field in schema if is_text(field.type)]


class _RangesFile(io.RawIOBase):
    """Ranges as a file, for pyarrow.

    Attributes:
        fault: The error of a failed read, which pyarrow may replace by one of its own.
    """

    def __init__(self, ranges: Ranges) -> None:
        super().__init__()
        self._ranges = ranges
        self._at = 0
        self.fault: OSError | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._ranges.size}[whence]
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = self._ranges.size if size < 0 else min(self._at + size, self._ranges.size)
        try:
            data = self._ranges.at(self._at, end - self._at) if end > self._at else b""
        except OSError as error:
            self.fault = error
            raise
        self._at += len(data)
        return data


def _named(kind: str) -> str:
    return f"an {kind} file" if kind[0] in "AEIOU" else f"a {kind} file"


def _reason(error: Exception) -> str:
    """What the library says, on one line and without what follows the first sentence."""
    return " ".join(str(error).split())[:120].partition(". ")[0].rstrip(".") or type(error).__name__
