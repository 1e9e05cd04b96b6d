"""Parts of the hot path alone: `pytest bench --benchmark-only`."""

from __future__ import annotations

from itertools import islice, repeat
from typing import TYPE_CHECKING, Any

import pytest

from bench.plans import use_cases
from samples.generate import lines
from validator import FailOn, Limits, Profile, Program, Report, assess, check_stream, compile_use_case, judge_report
from validator.engine.TODO_cells import Cells
from validator.engine.compile.value_checks import ITEMS, ValueCheck
from validator.engine.decode.block_guard import whole_objects
from validator.engine.decode.call import Call
from validator.engine.decode.decoder import Decoder
from validator.engine.engine import BlockPlaces, Engine
from validator.engine.TODO_refine import Refinements
from validator.input.lines import BLOCK, Block
from validator.render import FORMATS, Style, renderer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_benchmark.fixture import BenchmarkFixture


@pytest.fixture(scope="module")
def program() -> Program:
    return Program([compile_use_case(use_case) for use_case in use_cases(25)])


def block(events: list[str] | None = None) -> bytes:
    """Whole lines, about as many bytes as one read gives."""
    some: list[bytes] = []
    size = 0
    for line in lines(1, events=events):
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


def test_guard(benchmark: BenchmarkFixture, program: Program) -> None:
    """That each line is one object, all is UTF-8 and nothing is too deep."""
    data = block()
    decoder = Decoder(program.wanted, Limits())
    count, plain = timed(benchmark, lambda: (whole_objects(data), decoder.plain(data)), data)
    assert plain
    assert count == data.count(b"\n")


def test_decode(benchmark: BenchmarkFixture, program: Program) -> None:
    """Decoding alone, without the guard."""
    data = block()
    decoder = Decoder(program.wanted, Limits())
    calls = timed(benchmark, lambda: decoder.decode_lines(data), data)
    assert len(calls) == data.count(b"\n")


def test_decode_guarded(benchmark: BenchmarkFixture, program: Program) -> None:
    data = block()
    decoder = Decoder(program.wanted, Limits())
    calls = timed(benchmark, lambda: decoder.block(data), data)
    assert len(calls) == data.count(b"\n")


@pytest.mark.parametrize("projected", [False, True], ids=["all keys", "planned keys"])
@pytest.mark.parametrize("events", [None, ["Order Completed"]], ids=["mixed", "value checks"])
def test_count(benchmark: BenchmarkFixture, program: Program, *, projected: bool, events: list[str] | None) -> None:
    """The counting loop over decoded calls; every Order Completed has a list to be checked."""
    data = block(events)
    decoder = Decoder(program.wanted, Limits())
    calls = decoder.block(data)
    assert calls is not None
    profile = Profile(max_places=Limits().places)
    cells = Cells(program, decoder, profile, Limits(), profile)
    places = BlockPlaces(0, 1, Block(0, data))
    cells._dynamic = projected
    timed(benchmark, lambda: cells.count(calls, places), data)
    cells.flush()
    total = sum(sighting.count for sighting in profile.shapes.values())
    assert total
    assert total % len(calls) == 0


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (ValueCheck("/properties/num_items", "integer", None), 3.0),
        (ValueCheck("/properties/products", ITEMS, ["object"]), [{"product_id": "a"}] * 3),
        (ValueCheck("/properties/plan", "enum", ["free", "team", "business"]), "team"),
        (ValueCheck("/properties/order_id", "pattern", "^[A-Z]{2}-[0-9]+$"), "UC-20391"),
        (ValueCheck("/properties/total", "minimum", 0), 17.5),
        (ValueCheck("/properties/at", "format", "date-time"), "2026-11-24T10:00:00Z"),
    ],
    ids=["integer", "items", "enum", "pattern", "minimum", "format"],
)
def test_value_check(benchmark: BenchmarkFixture, check: ValueCheck, value: Any) -> None:
    """The compiled check of one value of a call; a thousand times."""
    _, refine = Refinements().of([(check.place, None, type(value))], {check.place: [check]})
    assert refine
    call = Envelope(properties={check.place.rpartition("/")[2]: value})

    def thousand() -> bool:
        return any(map(refine, repeat(call, 1000)))

    assert not benchmark(thousand)


def test_block(benchmark: BenchmarkFixture, program: Program) -> None:
    """All that happens to a block of lines once it is read."""
    data = block()
    engine = Engine(program, Limits())
    engine.begin(0)
    assert timed(benchmark, lambda: engine.lines(Block(0, data)), data) == data.count(b"\n")


def test_block_with_a_malformed_line(benchmark: BenchmarkFixture, program: Program) -> None:
    data = block()
    data = data[: data.index(b"\n") - 1] + data[data.index(b"\n") :]
    engine = Engine(program, Limits())
    engine.begin(0)
    assert timed(benchmark, lambda: engine.lines(Block(0, data)), data) == data.count(b"\n")


def profiles(program: Program, count: int) -> Sequence[Profile]:
    """Profiles of flawed calls, which have many shapes."""
    made = []
    for seed in range(count):
        engine = Engine(program, Limits())
        engine.begin(0)
        engine.lines(Block(0, b"".join(islice(lines(seed, flaws=0.3), 2000))))
        made.append(engine.finish())
    return made


def test_merge(benchmark: BenchmarkFixture, program: Program) -> None:
    """Two profiles of some hundred shapes each."""
    one, other = profiles(program, 2)
    total = benchmark(lambda: one + other)
    assert total.lines.total() == 4000


def test_assess(benchmark: BenchmarkFixture, program: Program) -> None:
    """From a profile to a report; the judgements of shapes are remembered after the first round."""
    (profile,) = profiles(program, 1)
    active = use_cases(25)
    report = benchmark(lambda: assess(profile, program, active, partial=False, goals={}))
    assert report.findings


@pytest.fixture(scope="module")
def report() -> Report:
    return check_stream(islice(lines(1, flaws=0.3), 2000))


@pytest.mark.parametrize("form", FORMATS)
def test_render(benchmark: BenchmarkFixture, report: Report, form: str) -> None:
    verdict = judge_report(report, fail_on=FailOn.ERROR)
    assert benchmark(lambda: renderer(form)(report, verdict, Style()))
