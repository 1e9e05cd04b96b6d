"""CSV text as rows of named fields, with the line of each."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from validator.syntax.plan_file_codes import Code
from validator.syntax.read_text import Mark, StopError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.syntax.plan_file import PlanFile

MAX_BYTES = 15_000_000
MAX_ROWS = 100_000
MAX_COLUMNS = 100


class Rows(list[dict[str, str]]):
    """The rows of a CSV file; the fields of a row by their column, in lower case, without the empty ones."""


class CsvDocument:
    """A CSV file."""

    __slots__ = ("_lines", "path", "value")

    def __init__(self, path: str, value: Rows, lines: list[int]) -> None:
        self.path = path
        self.value = value
        self._lines = lines

    def mark(self, keys: Sequence[str | int]) -> Mark:
        """The start of a row, else of the file."""
        row = keys[0] if keys else None
        return Mark(self._lines[row] if isinstance(row, int) and row < len(self._lines) else 1, 1)


def parse_csv(text: str, file: PlanFile) -> CsvDocument:
    """Parses CSV.

    Raises:
        StopError: It is not CSV, or exceeds a limit.
    """
    if text.count(",", 0, text.find("\n")) >= 2 * MAX_COLUMNS:  # before the columns are parsed
        raise _too_many_columns()
    reader = csv.reader(_lines(text), strict=True)
    rows, lines = Rows(), []
    start = 1
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        if len(columns) > MAX_COLUMNS:
            raise StopError(
                Mark(1, 1), f"more than {MAX_COLUMNS} columns", "leave out what no plan has", Code.TOO_LARGE
            )
        start = reader.line_num + 1
        for fields in reader:
            if len(rows) == MAX_ROWS:
                raise StopError(Mark(start, 1), f"more than {MAX_ROWS:,} rows", "split the file", Code.TOO_LARGE)
            if len(fields) > len(columns) and any(fields[len(columns) :]):
                help_text = "put fields that hold a comma in double quotes"
                raise StopError(
                    Mark(start, 1), "the row has more fields than there are columns", help_text, Code.BAD_VALUE
                )
            if any(fields):
                rows.append({c: f.strip() for c, f in zip(columns, fields, strict=False) if f.strip()})
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        help_text = "put fields that hold commas, quotes or line ends in double quotes, and double the quotes in them"
        raise StopError(Mark(start, 1), f"not CSV: {error}", help_text, Code.BAD_VALUE) from None
    return CsvDocument(str(file.path), rows, lines)


def _lines(text: str) -> Iterator[str]:
    """The lines of a text, with their ends; unlike `splitlines`, only LF ends one."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _too_many_columns() -> StopError:
    return StopError(Mark(1, 1), f"more than {MAX_COLUMNS} columns", "leave out what no plan has", Code.TOO_LARGE)
