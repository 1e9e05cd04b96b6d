"""Memory: whatever is in a line, a process takes some 40 MB and at most three times the longest line it takes."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.command import LONG

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Long runs take the line that the promise was made for.
LINE = (48 if LONG else 4) << 20
BASE = 40 << 20

# Runs the command and then says the most memory that the process ever had.
PROGRAM = """
import sys
from validator.adapters.cli import main
try:
    main()
finally:
    with open("/proc/self/status") as status:
        sys.stderr.write(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""

START = b'{"type":"track","event":"Trial Started","messageId":"m","properties":{"category":'


def filled(before: bytes, what: bytes, after: bytes) -> bytes:
    """A text of almost the longest line."""
    return before + what * ((LINE - len(before) - len(after)) // len(what)) + after


CONTENTS: dict[str, Callable[[], bytes]] = {
    "a text": lambda: filled(START + b'"', b"a", b'"}}'),
    "a text of four-byte characters": lambda: filled(START + b'"', "😀".encode(), b'"}}'),
    "a text of escapes": lambda: filled(START + b'"', b"\\n", b'"}}'),
    "a text of lone surrogates": lambda: filled(START + b'"', b"\\ud800", b'"}}'),
    "numbers": lambda: filled(START + b"[", b"1.5,", b"1]}}"),
    "arrays": lambda: filled(START + b"[", b"[[]],", b"1]}}"),
    "properties": lambda: filled(START + b"1", b',"k":{"a":[1,2]}', b"}}"),
    "fields": lambda: filled(b'{"type":"page"', b',"k":[{}]', b"}"),
    "a name": lambda: filled(b'{"type":"track","event":"', "é".encode(), b'"}'),
    "a number": lambda: filled(START, b"7", b"}}"),
    "deep nesting": lambda: filled(START, b"[", b"}}"),
    "an element": lambda: filled(b'[\n{"type":"page","name":[\n', b"1,\n", b"1]}]"),
    "an array": lambda: filled(b"[", b'{"type":"page"},\n', b"{}]"),
    "white space": lambda: filled(b"{", b" ", b"}"),
    "no JSON": lambda: filled(START + b"[", b"1,", b"]}}"),
    "a batch with one large member": lambda: filled(b'{"batch":[{"type":"page","name":[', b"{},", b"{}]},7]}"),
}


def peak(text: bytes, directory: Path, *options: str) -> int:
    """The most memory that checking a text takes, in bytes."""
    path = directory / "calls.json"
    path.write_bytes(text + b"\n")
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, "check", str(path), "-j", "1", "--max-line", str(LINE), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert run.returncode in (0, 1), run.stderr
    return int(run.stderr.split()[-1]) << 10


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much memory a process had")
@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.no_cover
def test_a_process_takes_at_most_three_times_the_longest_line(content: str, tmp_path: Path) -> None:
    text = CONTENTS[content]()
    assert LINE * 0.99 < len(text) <= LINE
    assert peak(text, tmp_path) <= BASE + 3 * LINE


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much memory a process had")
@pytest.mark.parametrize("ending", [b"{}]}", b"{},]}"])
@pytest.mark.no_cover
def test_a_batch_streams(ending: bytes, tmp_path: Path) -> None:
    """Millions of calls: as Python objects they would be a hundred times as large."""
    text = b'{"batch":[' + b"{}," * (1 << 18) + ending
    assert peak(text, tmp_path) <= BASE + 3 * len(text)
