"""Reading that is asked to stop: what was counted are whole lines, and the report says that it is not all."""

from __future__ import annotations

import gzip
import io
import os
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.checking import check_paths
from tests.support.examples import examples
from tests.support.plain_lines import EVERY_PLACE, Dribble, calls_of, catalog, count_of, naive, program
from validator.engine.engine import GROUP, Engine
from validator.engine.lint import Fault
from validator.input import lines as lines_module
from validator.input.stop import Stop
from validator.input.stream import Stream
from validator.model import Limits, LineClass
from validator.render.json import to_json
from validator.report import judge_report
from validator.workers.sequential import read_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from validator.engine.count.profile import Profile

LINES = b'{"type":"track","event":"Order Completed","messageId":"m-1"}\n{"type":"Page"}\n{}{}\n\n[1]\n{}\n'
LONG = (b'{"a":"' + b"x" * 3000 + b'"}\n' + LINES) * 120
LIMITS = Limits(places=EVERY_PLACE)


class Interrupted(Dribble):
    """A source during whose read of some number the user asks to stop."""

    def __init__(self, data: bytes, sizes: Sequence[int], stop: Stop, read: int, *, waiting: bool = True) -> None:
        super().__init__(data, sizes)
        self._stop = stop
        self._left = read
        self._waiting = waiting

    def readinto(self, buffer: memoryview, /) -> int:
        self._left -= 1
        if self._left == 0 and self._waiting:
            self._stop.request(signal.SIGINT)
        count = super().readinto(buffer)
        if self._left == 0:
            self._stop.signal = signal.SIGINT  # after the bytes are there, and before they are counted
        return count


def assert_adds_up(profile: Profile) -> None:
    assert sum(profile.lines.values()) == sum(summary.lines for summary in profile.inputs)
    assert calls_of(profile) == sum(profile.types.values())


def assert_first_lines(profile: Profile, data: bytes) -> None:
    """What was counted are the first lines of the input, and nothing of another."""
    assert_adds_up(profile)
    (summary,) = profile.inputs
    first = b"".join(line + b"\n" for line in data.split(b"\n")[: summary.lines])
    assert data.startswith(first)
    assert count_of(profile) == naive(first, LIMITS)
    assert summary.bytes <= len(data)


# --------------------------------------------------------------------------------------------- while it is read


@settings(deadline=None, database=None, derandomize=True, max_examples=examples(40))
@given(
    sizes=st.lists(st.integers(1, 70_000), min_size=1, max_size=3),
    read=st.integers(1, 12),
    waiting=st.booleans(),
    packed=st.booleans(),
)
def test_what_was_counted_are_the_first_lines(sizes: list[int], read: int, waiting: bool, packed: bool) -> None:
    stop, opened = Stop(), []
    content = LONG[:200_000]
    data = gzip.compress(content, 0) if packed else content

    def open_input(path: str) -> Stream:
        opened.append(path)
        return Stream(path, Interrupted(data, sizes, stop, read, waiting=waiting))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines_module, "BLOCK", 1 << 16)  # or all is read before there is a stop
        profile = read_inputs(["x"], program(), limits=LIMITS, stop=stop, open_input=open_input)
    if stop.signal:
        assert not profile.inputs[0].complete
        assert not {"IN506", "IN507"} & {fault.code for fault in profile.faults}
        assert_first_lines(profile, content)
    else:
        assert profile.inputs[0].lines == content.count(b"\n") + 1


@pytest.mark.parametrize("read", [2, 3, 4, 5])
def test_a_stop_while_waiting_counts_all_that_came_before(read: int) -> None:
    stop, data = Stop(), LONG * 3
    source = Interrupted(data, [100_000], stop, read + 2)  # the first reads look at the magic and the head
    profile = read_inputs(["x"], program(), limits=LIMITS, stop=stop, open_input=lambda path: Stream(path, source))
    assert_first_lines(profile, data)
    assert 0 < profile.inputs[0].lines < data.count(b"\n")
    assert data[: profile.inputs[0].bytes].count(b"\n") == profile.inputs[0].lines


@pytest.mark.parametrize("block", [1, 2, 3])
def test_a_stop_between_blocks_takes_no_more(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, counted = Stop(), []
    original = Engine.lines

    def lines(self: Engine, found: object) -> int:
        counted.append(original(self, found))  # type: ignore[arg-type]
        if len(counted) == block:
            stop.request(signal.SIGTERM)  # nothing is awaited: it must not raise
        return counted[-1]

    monkeypatch.setattr(Engine, "lines", lines)
    profile = read_inputs(
        ["x"], program(), limits=LIMITS, stop=stop, open_input=lambda path: Stream(path, Dribble(LONG, [1 << 20]))
    )
    assert len(counted) == block
    assert profile.inputs[0].lines == sum(counted)
    assert not profile.inputs[0].complete
    assert_first_lines(profile, LONG)


@pytest.mark.parametrize("waiting", [True, False])
def test_a_stop_among_documents_counts_whole_elements(waiting: bool) -> None:
    data = b"[" + b'{"type":"track","messageId":"m"},\n' * 20_000 + b"{}]"
    stop = Stop()
    source = Interrupted(data, [1 << 16], stop, 6, waiting=waiting)
    profile = read_inputs(["x"], program(), stop=stop, open_input=lambda path: Stream(path, source))
    (summary,) = profile.inputs
    assert (summary.framing, summary.complete) == ("documents", False)
    assert_adds_up(profile)
    assert profile.lines == {LineClass.CALL: summary.lines}
    whole = data[: summary.bytes].count(b"}")
    assert whole - GROUP < summary.lines <= whole
    assert Fault("IN506") not in profile.faults


# --------------------------------------------------------------------------------------------- several inputs


def test_inputs_that_were_not_reached_are_incomplete() -> None:
    contents = {"a": LINES, "b": LONG, "c": LINES, "d": LINES}
    stop, opened = Stop(), []

    def open_input(path: str) -> Stream:
        opened.append(path)
        return Stream(path, Interrupted(contents[path], [1 << 16], stop, 5 if path == "b" else 0))

    report = check_paths(contents, (), catalog=catalog(), stop=stop, open_input=open_input)
    assert opened == ["a", "b"]
    assert [summary.complete for summary in report.inputs] == [True, False, False, False]
    assert [summary.path for summary in report.inputs] == [*contents]
    assert [summary.lines for summary in report.inputs][2:] == [0, 0]
    assert report.partial
    reported = to_json(report)
    assert reported["lines"]["total"] == sum(summary.lines for summary in report.inputs) > LINES.count(b"\n")
    assert reported["calls"]["valid"] + reported["calls"]["invalid"] == sum(reported["calls"]["by_type"].values())
    assert judge_report(report, signal=stop.signal).exit_code == 130


def test_a_stop_before_anything_opens_nothing() -> None:
    stop = Stop()
    stop.request(signal.SIGTERM)

    def open_input(path: str) -> Stream:
        raise AssertionError(path)

    report = check_paths(["a", "b"], (), catalog=catalog(), stop=stop, open_input=open_input)
    assert report.partial
    assert [(s.path, s.lines, s.complete) for s in report.inputs] == [("a", 0, False), ("b", 0, False)]
    assert judge_report(report, signal=stop.signal).exit_code == 143


def test_a_stop_after_the_last_input_is_partial_too() -> None:
    stop = Stop()

    def open_input(path: str) -> Stream:
        return Stream(path, Dribble(LINES, [9]), close=lambda: stop.request(signal.SIGINT))

    report = check_paths(["a"], (), catalog=catalog(), stop=stop, open_input=open_input)
    assert report.inputs[0].lines == LINES.count(b"\n")
    assert report.partial


def test_without_a_stop_nothing_is_partial() -> None:
    stop = Stop()
    report = check_paths(
        ["a"], (), catalog=catalog(), stop=stop, open_input=lambda path: Stream(path, Dribble(LINES, [9]))
    )
    assert not report.partial
    assert report.inputs[0].complete


def test_the_input_is_closed_when_reading_stops() -> None:
    stop, closed = Stop(), []
    source = Interrupted(LONG, [1 << 16], stop, 5)
    read_inputs(["x"], program(), stop=stop, open_input=lambda path: Stream(path, source, lambda: closed.append("x")))
    assert closed == ["x"]


# ------------------------------------------------------------------------------------- a real pipe and signal


@contextmanager
def alarm(stop: Stop) -> Iterator[Callable[[], None]]:
    """Gives what sends a signal, whose handler asks to stop as the command's does."""
    previous = signal.signal(signal.SIGALRM, lambda number, _: stop.request(number))
    try:
        yield lambda: signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGALRM)
    finally:
        signal.signal(signal.SIGALRM, previous)


@contextmanager
def silent_pipe(data: bytes, then: Callable[[], None]) -> Iterator[io.FileIO]:
    """A pipe that gives out the data and then stays open in silence; `then` is called a while after."""
    reading, writing = os.pipe()

    def write() -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(writing, view) :]
        time.sleep(0.3)
        then()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with io.FileIO(reading) as raw:
            yield raw
    finally:
        writer.join()
        os.close(writing)


def stopped_on_a_pipe(data: bytes) -> Profile:
    stop = Stop()
    with alarm(stop) as send, silent_pipe(data, send) as raw:
        profile = read_inputs(["-"], program(), limits=LIMITS, stop=stop, open_input=lambda path: Stream(path, raw))
    assert stop.signal == signal.SIGALRM
    assert not profile.inputs[0].complete
    return profile


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="the system has no such signals")
def test_a_signal_ends_waiting_on_a_silent_pipe() -> None:
    data = LONG + b'{"type":"tra'
    profile = stopped_on_a_pipe(data)
    assert_first_lines(profile, data)
    assert profile.inputs[0].lines == LONG.count(b"\n")


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="the system has no such signals")
def test_the_few_lines_of_a_silent_pipe_are_counted() -> None:
    data = LINES + b'{"type":"tra'
    profile = stopped_on_a_pipe(data)
    assert_first_lines(profile, data)
    assert profile.inputs[0].lines == LINES.count(b"\n")
