"""Parts of the work alone, through the one door that measurements use: `pytest bench --benchmark-only`."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from bench.door import compiled, feed, report_of
from bench.plans import Plans, use_cases
from samples.generate import lines
from samples.kinds import KINDS, stream
from tests.support.checking import check_stream
from validator import FailOn, Profile, Program, Report, judge_report
from validator.render import FORMATS, Style, renderer

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture

BLOCK = 1 << 16


@pytest.fixture(scope="module")
def plans() -> Plans:
    return Plans(use_cases(25))


@pytest.fixture(scope="module")
def program(plans: Plans) -> Program:
    return compiled(plans)


def block(kind: str = "plain") -> bytes:
    """Whole lines, about as many bytes as one read gives."""
    some: list[bytes] = []
    size = 0
    for line in stream(kind, 1).lines:
        if size + len(line) > BLOCK:
            return b"".join(some)
        some.append(line)
        size += len(line)
    raise AssertionError("lines never end")


def timed(benchmark: BenchmarkFixture, work: Callable[[], Any], data: bytes) -> Any:
    """Runs the work and adds how many bytes it does in a second."""
    result = benchmark(work)
    if benchmark.stats is not None:
        benchmark.extra_info["MB/s"] = round(len(data) / benchmark.stats.stats.min / 1e6)
    return result


def test_compile(benchmark: BenchmarkFixture, plans: Plans) -> None:
    assert benchmark(lambda: compiled(plans))


@pytest.mark.parametrize("kind", KINDS)
def test_block(benchmark: BenchmarkFixture, program: Program, kind: str) -> None:
    """All that happens to a block of lines once it is read; what is learnt from it is kept between rounds."""
    data = block(kind)
    profile = timed(benchmark, lambda: feed(program, data), data)
    assert profile.lines.total() == data.count(b"\n")


def test_block_with_a_malformed_line(benchmark: BenchmarkFixture, program: Program) -> None:
    data = block()
    data = data[: data.index(b"\n") - 1] + data[data.index(b"\n") :]
    profile = timed(benchmark, lambda: feed(program, data), data)
    assert profile.lines.total() == data.count(b"\n")


def flawed_profile(program: Program, seed: int) -> Profile:
    return feed(program, b"".join(islice(lines(seed, flaws=0.3), 2000)))


def test_merge(benchmark: BenchmarkFixture, program: Program) -> None:
    """Two profiles of flawed calls."""
    one, other = flawed_profile(program, 0), flawed_profile(program, 1)
    total = benchmark(lambda: one + other)
    assert total.lines.total() == 4000


def test_report(benchmark: BenchmarkFixture, program: Program, plans: Plans) -> None:
    """From a profile to a report; what was judged is remembered after the first round."""
    profile = flawed_profile(program, 0)
    assert benchmark(lambda: report_of(program, profile, plans)).findings


@pytest.fixture(scope="module")
def report() -> Report:
    return check_stream(islice(lines(1, flaws=0.3), 2000))


@pytest.mark.parametrize("form", FORMATS)
def test_render(benchmark: BenchmarkFixture, report: Report, form: str) -> None:
    verdict = judge_report(report, fail_on=FailOn.ERROR)
    assert benchmark(lambda: renderer(form)(report, verdict, Style()))
