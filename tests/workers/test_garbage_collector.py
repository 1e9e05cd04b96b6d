"""What reading with several workers does to the garbage collector of the program that calls it."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

import validator.workers.chunks as chunks_module
import validator.workers.input_tasks as tasks_module
import validator.workers.parallel as parallel_module
from tests.support.checking import check_paths
from tests.support.command import GOOD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


@pytest.fixture(autouse=True)
def pieces(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Small inputs are split like big ones; and nothing stays frozen."""
    monkeypatch.setattr(chunks_module, "RANGE", 10_000)
    monkeypatch.setattr(tasks_module, "SMALL", 10_000)
    monkeypatch.setattr(parallel_module, "alone", lambda: True)
    gc.unfreeze()
    yield
    gc.unfreeze()


def frozen_while_read(directory: Path) -> int:
    """How many objects are frozen while two workers read."""
    path = directory / "calls.ndjson"
    path.write_bytes(GOOD * (50_000 // len(GOOD)))
    seen: list[int] = []
    check_paths([str(path)], jobs=2, progress=lambda *_: seen.append(gc.get_freeze_count()))
    return max(seen)


def test_what_is_frozen_for_the_workers_is_let_go(tmp_path: Path) -> None:
    before = gc.get_freeze_count()
    assert frozen_while_read(tmp_path) > 1_000
    assert gc.get_freeze_count() - before < 1_000


def test_it_is_let_go_too_when_the_reading_is_broken_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(parallel_module, "take_next", broken)
    with pytest.raises(KeyboardInterrupt):
        frozen_while_read(tmp_path)
    assert gc.get_freeze_count() < 1_000


def test_what_the_caller_has_frozen_stays_frozen(tmp_path: Path) -> None:
    gc.freeze()
    before = gc.get_freeze_count()
    assert before > 1_000
    frozen_while_read(tmp_path)
    assert gc.get_freeze_count() >= before
