"""Each rejected line is a record with its very bytes, its place and why it is no call."""

from __future__ import annotations

import base64
import errno
import json
import tempfile
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.service.lines.test_split import LIMITS, LINES, LONG, Collected, program, run
from tests.support.command import GOOD, ROOT, uclint
from tests.support.examples import examples
from tests.support.plain_lines import Dribble, classify
from validator import __version__
from validator.errors import OutputError
from validator.input.documents import Elements
from validator.input.stream import Stream
from validator.service.lines.reject_log import RejectLog
from validator.service.lines.sort import Sort
from validator.service.lines.split import LineSplitter
from validator.workers.sequential import read_inputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "schemas" / "reject.schema.json").read_text("utf-8")))

CHECK = ("check", "-u", "acquire-paid-subscriptions", "--no-config")

ODD = [b"\xff", b"\xc3", "é\u2028\x1b[31m".encode(), b'"\\', b"\x00", b"\xed\xa0\x80"]

# Many lines, which are counted together.
BLANK = b"\n \r" * 30

# Too long, and cut anywhere: inside a character, or with bytes that are none at the end.
TOO_LONG = [*LONG, "é".encode() * 40_000, b"x" * 140_000 + b"\xc3", b"\xff" + b"y" * 70_000, b"[" + b"\r" * 140_000]


def records_of(inputs: Iterable[bytes], sizes: Sequence[int]) -> list[dict[str, Any]]:
    sink = Collected()
    sorter = LineSplitter({}, rejects=RejectLog(sink))
    named = {str(number): data for number, data in enumerate(inputs)}

    def open_input(path: str) -> Stream:
        return Stream(path, Dribble(named[path], sizes))

    read_inputs(named, program(), limits=LIMITS, open_input=open_input, observer=sorter)
    sorter.finish()
    return [json.loads(line) for line in bytes(sink).split(b"\n")[:-1]]


def bytes_of(record: dict[str, Any]) -> bytes:
    return record["text"].encode() if "text" in record else base64.b64decode(record["base64"], validate=True)


def is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@settings(deadline=None, database=None, derandomize=True, max_examples=examples(150))
@given(
    inputs=st.lists(
        st.tuples(
            st.lists(st.sampled_from([*LINES, *ODD, *TOO_LONG, BLANK, BLANK]), min_size=1, max_size=10), st.booleans()
        ),
        min_size=1,
        max_size=3,
    ),
    sizes=st.lists(st.integers(300, 70_000), min_size=1, max_size=3),
)
def test_every_rejected_line_is_a_record(inputs: list[tuple[list[bytes], bool]], sizes: list[int]) -> None:
    texts = [b"\n".join([LINES[0], *lines]) + b"\n" * ended for lines, ended in inputs]
    wanted = []
    for number, data in enumerate(texts):
        byte = 0
        lines = data.split(b"\n")
        for line, text in enumerate(lines, 1):
            line_class, fault, _ = classify(text, LIMITS)
            if line_class not in ("call", "batch") and (text or line < len(lines)):
                wanted.append((str(number), line, byte, line_class, fault, text))
            byte += len(text) + 1
    found = records_of(texts, sizes)
    for record in found:
        SCHEMA.validate(record)
        assert record["uclint"] == __version__
        assert record["index"] is None
        assert is_text(bytes_of(record)) == ("text" in record)
    assert [(r["path"], r["line"], r["byte"], r["class"], r["code"], bytes_of(r)) for r in found] == wanted


@settings(deadline=None, database=None, derandomize=True, max_examples=examples(80))
@given(
    lines=st.lists(st.sampled_from([*(line for line in LINES if line.strip()), *LONG]), min_size=1, max_size=30),
    sizes=st.lists(st.integers(300, 70_000), min_size=1, max_size=3),
)
def test_every_rejected_element_is_a_record(lines: list[bytes], sizes: list[int]) -> None:
    data = b"[" + b",\n".join([*lines, b"{}"]) + b"]"
    units = [*Elements(Dribble(data, [1 << 20]), max_element=1 << 30)]
    wanted = []
    for unit in units:
        line_class, fault, _ = classify(unit.data or b"", LIMITS)
        if line_class not in ("call", "batch"):
            wanted.append((unit.position, unit.line, unit.byte, line_class, fault, unit.data))
    found = records_of([data], sizes)
    assert [(r["index"], r["line"], r["byte"], r["class"], r["code"], bytes_of(r)) for r in found] == wanted
    plain, _ = run([data], sizes)
    assert b"".join(bytes_of(record) + b"\n" for record in found) == plain[Sort.REJECTS]


def test_plain_lines_stay_the_default_and_go_where_records_go(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_bytes(GOOD + b"nope\n" + b"z" * 5_000_000 + b"\n\xff")
    plain = uclint(*CHECK, "a.ndjson", "--rejects", "r", "--valid", "v", cwd=tmp_path)
    assert plain.returncode == 1
    assert (tmp_path / "r").read_bytes() == b"nope\n" + b"z" * 5_000_000 + b"\n\xff"
    words = ("a.ndjson", "--rejects", "r", "--rejects-format", "ndjson", "--valid", "v")
    assert uclint(*CHECK, *words, cwd=tmp_path).returncode == 1
    found = [json.loads(line) for line in (tmp_path / "r").read_bytes().splitlines()]
    assert b"\n".join(map(bytes_of, found)) == b"nope\n" + b"z" * 5_000_000 + b"\n\xff"
    assert [(r["code"], r["path"], r["line"]) for r in found] == [
        ("IN501", "a.ndjson", 2),
        ("IN504", "a.ndjson", 3),
        ("IN502", "a.ndjson", 4),
    ]


@pytest.mark.parametrize(
    "words", [["--rejects-format", "ndjson"], ["--violations-format", "segment", "--rejects", "r"]], ids=" ".join
)
def test_a_form_of_nothing_is_refused(words: list[str], tmp_path: Path) -> None:
    done = uclint(*CHECK, "-", *words, stdin=GOOD, cwd=tmp_path)
    assert done.returncode == 2
    assert b"needs --" in done.stderr


def test_a_long_line_that_finds_no_place_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, _: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", lambda _size: Full())
    with pytest.raises(OutputError, match=r"cannot store a long line in .*: No space left"):
        RejectLog(Collected()).passed_over(b"x")
