"""Parquet and Arrow files: their rows give what the same calls give as lines."""

from __future__ import annotations

import datetime
import decimal
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.command import uclint
from tests.support.table_files import write
from tests.support.wild import wild
from validator.errors import UsageError
from validator.input.tables import kinds
from validator.input.tables.columns import chosen
from validator.service.not_calls import refuse_other_files

if TYPE_CHECKING:
    from pathlib import Path

pa = pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'uclint[parquet]'")

LINES = [line for line in wild(7, 900) if b"\r" not in line]


def check(*words: str | Path, cwd: Path | None = None) -> tuple[int, dict[str, Any], str]:
    done = uclint("check", "--format", "json", "--no-config", *words, cwd=cwd)
    return done.returncode, json.loads(done.stdout or b"{}"), done.stderr.decode()


def as_rows(report: dict[str, Any], name: str) -> dict[str, Any]:
    """The report on lines as one on rows."""
    for finding in report["findings"]:
        for place in finding["places"]:
            place |= {"path": name, "row": place["line"], "line": None, "byte": None}
    return report | {"inputs": []}


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("kind", ["binary", "large_binary", "string", "dictionary"])
@pytest.mark.parametrize("name", ["calls.parquet", "calls.arrow"])
def test_a_column_of_json_gives_the_report_of_the_lines(tmp_path: Path, jobs: str, kind: str, name: str) -> None:
    lines = LINES if "binary" in kind else [line for line in LINES if not line.startswith(b"\xff")]
    (tmp_path / "calls.ndjson").write_bytes(b"".join(line + b"\n" for line in lines))
    values = [line or None if "binary" in kind else line.decode() for line in lines]
    types = {"dictionary": pa.dictionary(pa.int32(), pa.string())}
    column = pa.array(values, types.get(kind) or getattr(pa, kind)())
    write(tmp_path / name, pa.table({"id": range(len(lines)), "raw": column}))
    _, expected, _ = check("calls.ndjson", cwd=tmp_path)
    _, found, _ = check(name, "-j", jobs, cwd=tmp_path)
    assert found | {"inputs": []} == as_rows(expected, name)
    (summary,) = found["inputs"]
    assert (summary["framing"], summary["lines"], summary["complete"]) == ("table", len(lines), True)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("more", [("--max-errors", "40"), ("--limit", "50"), ("--by", "event")])
def test_options_do_what_they_do_for_lines(tmp_path: Path, jobs: str, more: tuple[str, ...]) -> None:
    lines = LINES * 3
    (tmp_path / "calls.ndjson").write_bytes(b"".join(line + b"\n" for line in lines))
    write(tmp_path / "calls.parquet", pa.table({"raw": pa.array(lines, pa.binary())}))
    _, expected, _ = check("calls.ndjson", "-j1", *more, cwd=tmp_path)
    _, found, _ = check("calls.parquet", "-j", jobs, *more, cwd=tmp_path)
    assert found | {"inputs": []} == as_rows(expected, "calls.parquet")


def test_line_feeds_in_a_value_change_nothing(tmp_path: Path) -> None:
    good, broken = b'{\n "type": "track",\n "event": "Order Completed"\n}', b'{"type": "tr\nack"}'
    write(tmp_path / "calls.parquet", pa.table({"raw": pa.array([good, broken, good], pa.binary())}))
    _, found, _ = check("calls.parquet", cwd=tmp_path)
    assert (found["lines"]["call"], found["lines"]["malformed"], found["lines"]["total"]) == (2, 1, 3)
    assert [one["places"][0]["row"] for one in found["findings"] if one["code"] == "IN501"] == [2]


def test_columns_are_fields(tmp_path: Path) -> None:
    when = datetime.datetime(2024, 3, 1, 12, 0, 0, 5000, tzinfo=datetime.UTC)
    product = pa.list_(pa.struct([("sku", pa.string()), ("price", pa.decimal128(9, 2))]))
    properties = pa.struct([("total", pa.decimal128(9, 2)), ("tax", pa.float64()), ("products", product)])
    schema = pa.schema([
        ("type", pa.string()),
        ("event", pa.dictionary(pa.int32(), pa.string())),
        ("timestamp", pa.timestamp("ns", "UTC")),
        ("properties", properties),
        ("context", pa.string()),
        ("integrations", pa.map_(pa.string(), pa.bool_())),
    ])  # fmt: skip
    amount = decimal.Decimal("12.50")
    rows = [
        {
            "type": "track", "event": "Order Completed", "timestamp": when,
            "properties": {"total": amount, "tax": None, "products": [{"sku": "a", "price": amount}]},
            "context": '{"ip":\n"::1"}', "integrations": [("All", True), ("Other", None)],
        },
        {"type": "page"},
    ]  # fmt: skip
    write(tmp_path / "calls.parquet", pa.Table.from_pylist(rows, schema))
    done = uclint("check", "calls.parquet", "--valid", "out.ndjson", "--no-config", cwd=tmp_path)
    first, second = (json.loads(line) for line in (tmp_path / "out.ndjson").read_bytes().splitlines())
    assert first == {
        "type": "track",
        "event": "Order Completed",
        "timestamp": "2024-03-01T12:00:00.005000Z",
        "properties": {"total": 12.5, "products": [{"sku": "a", "price": 12.5}]},
        "context": {"ip": "::1"},
        "integrations": {"All": True, "Other": None},
    }
    assert second == {"type": "page"}
    assert b'"total":12.50' in (tmp_path / "out.ndjson").read_bytes()
    assert b"null counts as absent" in b" ".join(done.stdout.split())
    _, found, _ = check("calls.parquet", "calls.parquet", cwd=tmp_path)
    assert [note["note"] for note in found["notes"]] == ["table-columns"]


def test_a_row_is_explained(tmp_path: Path) -> None:
    values = [b'{"type":"page"}', b'{"type":"track","event":"Order Completed"}']
    write(tmp_path / "calls.parquet", pa.table({"raw": pa.array(values, pa.binary())}), rows=1)
    done = uclint("explain", "calls.parquet:2", cwd=tmp_path)
    assert b'calls.parquet:2 \xc2\xb7 track call "Order Completed"' in done.stdout
    assert uclint("explain", "calls.parquet:3", cwd=tmp_path).returncode == 2


def test_the_column_can_be_named_and_has_to_be_where_several_fit(tmp_path: Path) -> None:
    calls = pa.array([b'{"type":"page"}'], pa.binary())
    write(tmp_path / "calls.parquet", pa.table({"old": calls, "new": calls, "n": [1]}))
    code, _, said = check("calls.parquet", cwd=tmp_path)
    assert code == 2
    assert "several columns of calls.parquet hold calls: old, new; pick one with --column" in said
    assert check("calls.parquet", "--column", "new", cwd=tmp_path)[1]["lines"]["call"] == 1
    code, _, said = check("calls.parquet", "--column", "n", cwd=tmp_path)
    assert code == 2
    assert "has no column 'n' of text; columns of text are old, new" in said
    code, found, said = check(".", cwd=tmp_path)
    assert (code, found["partial"]) == (3, True)
    assert "pick one with --column" in said


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("at", [40, 3_000, -9])
def test_a_damaged_table_is_read_up_to_the_damage(tmp_path: Path, jobs: str, at: int) -> None:
    path = tmp_path / "calls.parquet"
    write(path, pa.table({"raw": pa.array(LINES, pa.binary())}))
    data = bytearray(path.read_bytes())
    data[at : at + 30 if at > 0 else None] = bytes(len(data[at : at + 30 if at > 0 else None]))
    path.write_bytes(data)
    code, found, said = check("calls.parquet", "-j", jobs, cwd=tmp_path)
    assert (code, found["partial"]) == (3, True)
    assert [one["code"] for one in found["findings"] if one["code"].startswith("IN50") and one["code"] > "IN505"] == [
        "IN506"
    ]
    assert "calls.parquet: the Parquet file is damaged" in said
    assert found["lines"]["total"] < len(LINES)


def test_a_table_from_a_pipe_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "calls.parquet"
    write(path, pa.table({"raw": pa.array([b"{}"], pa.binary())}))
    done = uclint("check", "-", stdin=path.read_bytes())
    assert b"this looks like a Parquet file, which cannot be read from a pipe" in done.stderr


def test_a_table_without_pyarrow_names_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "calls.parquet"
    write(path, pa.table({"raw": pa.array([b"{}"], pa.binary())}))
    monkeypatch.setattr(kinds, "find_spec", lambda _: None)
    with pytest.raises(
        UsageError, match=r"is a Parquet file, which is read with pyarrow.*pip install 'uclint\[parquet"
    ):
        refuse_other_files([str(path)])


@pytest.mark.parametrize(
    ("names", "values", "expected"),
    [
        (["raw"], {"raw": ['{"type":"track"}', None, "broken"]}, "raw"),
        (["raw"], {"raw": ["text", '{"a":1}']}, None),
        (["raw", "type"], {"raw": ['{"type":"track"}']}, None),
        (["a", "b"], {"a": ["x"], "b": [b'{"batch":[]}']}, "b"),
        (["a"], {"a": []}, None),
    ],
)
def test_the_column_is_chosen_by_what_is_in_it(names: list[str], values: dict[str, Any], expected: str | None) -> None:
    assert chosen(names, list(values), values.items(), "x", None) == expected
