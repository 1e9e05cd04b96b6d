"""How a table is laid out: what a process that does not read it needs to know."""

from __future__ import annotations

from typing import NamedTuple

from validator.errors import UsageError
from validator.input.open_input import open_input
from validator.input.tables.kinds import kind_of_table
from validator.input.tables.table import Group, Table


class Layout(NamedTuple):
    """How a table is laid out.

    Attributes:
        column: The column with the JSON text of calls; None if the columns are their fields.
        groups: Its groups of rows.
        size: Its bytes as stored.
        unclear: What the user has to say before it can be read, a sentence; None if nothing.
    """

    column: str | None
    groups: list[Group]
    size: int
    unclear: str | None = None


def layout_of(path: str) -> Layout:
    """The layout of the table at a path.

    Raises:
        OSError: It cannot be read.
    """
    with open_input(path) as stream:
        kind, ranges = kind_of_table(stream.head), stream.ranges
        if kind is None or ranges is None:
            raise OSError(0, "it is no table any more")
        try:
            table = Table(ranges, kind, str(path))
        except UsageError as error:
            return Layout(None, [], ranges.size, str(error))
        return Layout(table.column, table.groups, table.size)
