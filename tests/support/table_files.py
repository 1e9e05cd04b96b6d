"""Writes tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, table: Any, rows: int = 100) -> None:
    """Writes a Parquet or Arrow file, by its ending, in groups of rows."""
    import pyarrow as pa  # noqa: PLC0415 - not everywhere
    import pyarrow.parquet as pq  # noqa: PLC0415

    if path.suffix == ".arrow":
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table, max_chunksize=rows)
    else:
        pq.write_table(table, path, row_group_size=rows, compression="zstd")
