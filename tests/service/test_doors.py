"""The four doors: in whatever parts calls are profiled, the report is that of one reading of everything."""

from __future__ import annotations

import gzip
import pickle
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.checking import body
from tests.support.command import SAMPLES
from tests.support.wild import own_plan, wild
from validator import (
    ByteStream,
    Catalog,
    CheckRequest,
    FileRange,
    Limits,
    LoadedPlan,
    MaxErrors,
    PlanError,
    Policy,
    Profile,
    Profiler,
    Selection,
    Severity,
    UsageError,
    build_report,
    check_paths,
    check_stream,
    compile_program,
    merge,
    profile,
    read_plan,
)
from validator.rules import RULES

if TYPE_CHECKING:
    from pathlib import Path

EVERY_RULE = Policy(off=frozenset())
LIMITS = Limits(names=40, line=2_000)


def asked_of(seed: int) -> CheckRequest:
    return CheckRequest(
        use_cases=("mitigate-cart-abandonment",),
        plans=(own_plan(seed, closed=bool(seed % 2)),),
        unplanned=Severity.ERROR,
        policy=EVERY_RULE,
        selection=Selection(by=("day", "type")),
    )


def again(value: Any) -> Any:
    """The same after it was sent to another process."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own


def as_text(lines: list[bytes]) -> bytes:
    return b"\n".join(lines)


@pytest.mark.parametrize("seed", range(6))
def test_ranges_merge_to_one_reading(seed: int, tmp_path: Path) -> None:
    """Cut anywhere, also within lines; merged at once, or neighbours first; beside another file."""
    random = Random(seed)
    first, second = tmp_path / "a.ndjson", tmp_path / "b.ndjson"
    for path in (first, second):
        path.write_bytes(as_text(wild(random.randrange(99), 700)))
    asked = asked_of(seed)
    program = again(compile_program(asked))
    paths = [str(first), str(second)]
    whole = profile(paths, program, LIMITS)
    size = first.stat().st_size
    cuts = sorted({0, size, *(random.randrange(size + 1) for _ in range(5))})
    ranges = [FileRange(paths[0], start, end) for start, end in zip(cuts, [*cuts[1:-1], None], strict=False)]
    parts = [profile(one, program, LIMITS) for one in ranges] + [profile(paths[1], program, LIMITS)]
    assert sum(sum(part.lines.values()) for part in parts) == sum(whole.lines.values())
    expected = body(build_report(whole, program, asked))
    assert body(build_report(merge(parts, program, LIMITS), program, asked)) == expected
    middle = random.randrange(1, len(parts))
    halves = [merge(half, program, LIMITS) for half in (parts[:middle], parts[middle:])]
    assert body(build_report(merge(halves, program, LIMITS), program, asked)) == expected
    # Nothing that was merged has changed.
    assert body(build_report(merge(parts, program, LIMITS), program, asked)) == expected


def test_a_range_of_what_has_no_lines_is_refused(tmp_path: Path) -> None:
    program = compile_program(CheckRequest())
    packed, pretty = tmp_path / "a.gz", tmp_path / "b.json"
    packed.write_bytes(gzip.compress(b"{}\n" * 9))
    pretty.write_text('[\n{"type": "track"}\n]')
    for path in (packed, pretty):
        with pytest.raises(UsageError, match="only plain NDJSON can be read in ranges"):
            profile(FileRange(str(path), 0, 9), program)


def test_ranges_at_the_ends(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b'{"type": "track"}\n' * 3)
    program = compile_program(CheckRequest())
    path = str(tmp_path / "a")
    for start, end, lines in ((0, 0, 0), (0, 1, 1), (1, 2, 0), (17, 18, 0), (18, 19, 1), (99, None, 0), (0, 999, 3)):
        found = profile(FileRange(path, start, end), program)
        assert (sum(found.lines.values()), found.inputs[0].lines) == (lines, lines)
    assert merge([], program).inputs == []


def test_an_empty_file_twice_is_two_inputs(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    program = compile_program(CheckRequest())
    part = profile(str(tmp_path / "a"), program)
    assert len(merge([part, part], program).inputs) == 2


@pytest.mark.parametrize("piece", [1, 7, 1000, 10**6])
def test_a_profiler_fed_bit_by_bit(piece: int) -> None:
    data = as_text(wild(3, 60 if piece == 1 else 700))
    asked = asked_of(1)
    program = compile_program(asked)
    profiler = Profiler(program, LIMITS)
    verdicts = []
    snapshots: list[Profile] = []
    for start in range(0, len(data), piece):
        verdicts += profiler.feed(data[start : start + piece])
        if len(snapshots) < 3:
            snapshots.append(profiler.snapshot())
            before = body(build_report(snapshots[0], program, asked))
    verdicts += profiler.finish()
    report = build_report(profiler.snapshot(), program, asked)
    assert body(report) == body(check_stream(data, asked, limits=LIMITS))
    assert len(verdicts) == report.calls
    assert sum(not verdict.valid for verdict in verdicts) == report.invalid
    assert [v.line for v in verdicts] == sorted(v.line for v in verdicts)
    assert all(data[v.byte - 1 : v.byte] in (b"", b"\n") for v in verdicts)
    assert body(build_report(snapshots[0], program, asked)) == before


def test_a_request_finds_what_it_names() -> None:
    catalog = Catalog.load()
    assert CheckRequest().active == catalog.use_cases
    goal = catalog.goals[1]
    assert CheckRequest(goals=(goal.slug,)).active == goal.use_cases
    named = CheckRequest(use_cases=(goal.use_cases[1].id,), goals=())
    assert named.active == (goal.use_cases[1],)


@pytest.mark.parametrize("plan", sorted(p.name for p in (SAMPLES / "plans").iterdir()))
def test_a_request_with_plans_pickles(plan: str) -> None:
    path = str(SAMPLES / "plans" / plan)
    own = CheckRequest(plans=(path,))
    assert own.active == ()
    (found,) = own.own_plans
    assert isinstance(found, LoadedPlan)
    assert found.plan.name == read_plan(path).plan.name
    copy = again(own)
    assert body(check_stream(b'{"type":"track"}', copy)) == body(check_stream(b'{"type":"track"}', own))


def test_a_request_refuses_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown use case 'mitigate-cart-abandonmen'; did you mean"):
        CheckRequest(use_cases=("mitigate-cart-abandonmen",))
    with pytest.raises(UsageError, match="use_cases is a string; give a list"):
        CheckRequest(use_cases="mitigate-cart-abandonment")
    with pytest.raises(UsageError, match="unplanned is 'warn'; it can be error, warning"):
        CheckRequest(unplanned="warn")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="unknown goal"):
        CheckRequest(goals=("nothing",))
    (tmp_path / "plan.json").write_text("{")
    with pytest.raises(PlanError):
        CheckRequest(plans=(str(tmp_path / "plan.json"),))
    first = CheckRequest(selection=Selection(limit=1))
    with pytest.raises(UsageError, match="do not go together"):
        check_paths([], first, max_errors=MaxErrors.parse("1"))


def test_every_rule_is_on() -> None:
    assert EVERY_RULE.on == set(RULES)


def test_streams_of_all_kinds() -> None:
    line = b'{"type":"track","event":"Order Completed","userId":"u"}\n'
    program = compile_program(CheckRequest())
    for data in (line * 3, iter([line[:7], line[7:], line * 2])):
        assert sum(profile(ByteStream(data), program).types.values()) == 3
