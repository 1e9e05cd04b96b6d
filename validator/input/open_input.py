"""Opens an input wherever it is: a file, pipe or device, standard input, or an object in a bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.input.buckets.names import in_bucket
from validator.input.stream import open_stream

if TYPE_CHECKING:
    from validator.input.stream import Stream


def open_input(path: str) -> Stream:
    """Opens a file, pipe, device or object; `-` is standard input.

    Raises:
        OSError: It cannot be opened or read.
    """
    if in_bucket(path):
        from validator.input.buckets.reading import open_object  # noqa: PLC0415 - few read buckets

        return open_object(path)
    return open_stream(path)
