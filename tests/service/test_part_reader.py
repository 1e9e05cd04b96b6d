"""Reading some of the inputs again: for a baseline, each by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.command import GOOD
from validator.adapters.cli.progress import ProgressBar
from validator.model import Limits
from validator.service.part_reader import PartReader
from validator.service.request import CheckRequest

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_progress_goes_on_from_input_to_input(tmp_path: Path) -> None:
    paths = [tmp_path / "a.ndjson", tmp_path / "b.ndjson"]
    for path in paths:
        path.write_bytes(GOOD * 3 + b"{\n")
    seen: list[tuple[int, int, int]] = []
    reader = PartReader(CheckRequest(), Limits(), 1, lambda *now: seen.append(now))
    for path in paths:
        report = reader.report([str(path)])
        assert report is not None
        assert report.calls == 3
    size = paths[0].stat().st_size
    assert seen == sorted(seen)
    assert (size, 3, 1) in seen
    assert seen[-1] == (2 * size, 6, 2)


def test_the_rates_are_of_the_second_reading_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(bytes(4_000_000))
    clock = iter([0.0, 10.0, 20.0, 21.0])
    monkeypatch.setattr("validator.adapters.cli.progress.time.monotonic", lambda: next(clock))
    bar = ProgressBar([str(path)])
    bar(4_000_000, 10, 0)
    bar(0, 0, 0)
    bar(4_000_000, 10, 0)
    shown = capsys.readouterr().err.split("\r")
    assert "10 calls/s  4 MB/s" in shown[-1]
