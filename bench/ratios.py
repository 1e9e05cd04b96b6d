"""`python -m bench ratios`: how fast the engine is beside `orjson.loads` alone, over the same lines, in one process.

Starting and compiling come before and do not count; the lint rules that are on by default are on. All cases take
turns, round by round, and in each round `orjson.loads` reads the lines just before uclint does, with its native core
(where it is there) and in pure Python: a ratio is the median of the rounds' ratios. What is counted is compared first,
with plain Python over the first lines and with what the generator of the lines knows; one difference, and no figure is
printed.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import time
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from bench import files, records
from bench.core import core, has_core
from bench.corners import CORNERS, data_of
from bench.counts import disagreements, of_truth
from bench.door import compiled, feed, report_of
from bench.libraries import counts_of, loop, plan_counts_of
from bench.plans import Plans, use_cases
from bench.ratio_cases import CASES, MORE, RELATIONS, Case, Relation
from bench.ratio_table import table
from samples.kinds import stream
from validator import read_plan
from validator.adapters.cli import NEW_OBJECTS
from validator.engine.compile.tables import tables_of
from validator.engine.judge.judge import judge_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from samples.truth import Truth


SHARE_OF_PLAIN = 0.1
LINES_A_SECOND = 300_000
"""A corner is fast enough at this share of plain's MB/s, or at so many lines a second."""


class Ready(NamedTuple):
    """What a case needs, made before anything is timed."""

    data: bytes
    lines: int
    plans: Plans


class Times(NamedTuple):
    """Seconds of one round.

    Attributes:
        ruler: Of `orjson.loads` alone.
        pure: Of uclint in pure Python.
        native: Of uclint with the native core; None where it is not there.
    """

    ruler: float
    pure: float
    native: float | None

    @property
    def best(self) -> float:
        """Of uclint as it is installed."""
        return self.pure if self.native is None else self.native


class WrongError(Exception):
    """Something was counted that is not so."""


def main(given: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit code."""
    arguments = _parser().parse_args(given)
    cases = [*CASES, *(MORE if arguments.more else ())]
    cases = [case for case in cases if not arguments.only or any(text in case.name for text in arguments.only)]
    facts = records.facts()
    gc.set_threshold(NEW_OBJECTS)  # as the command has it
    try:
        measured = measure(cases, arguments.size * files.MB, arguments.rounds)
    except WrongError as error:
        print(error)
        return 1
    record = {
        **facts,
        "kind": "ratios",
        "size": arguments.size * files.MB,
        "rounds": arguments.rounds,
        "cases": measured,
        "relations": relations(measured),
        "corners": [] if arguments.no_corners else corners(arguments.corner_size * files.MB, arguments.rounds),
    }
    print(table(record))
    if arguments.record:
        print(f"kept in {records.keep(record, 'ratios', arguments.runs)}")
        if arguments.docs:
            records.write_docs(arguments.runs, arguments.docs_file)
    return 0


def measure(cases: Sequence[Case], size: int, rounds: int) -> list[dict[str, Any]]:
    """The rounds of all cases, interleaved.

    Raises:
        WrongError: Something was counted wrong.
    """
    made: dict[tuple[str, int], tuple[bytes, Plans, Truth]] = {}
    ready: list[Ready] = []
    for case in cases:
        key = case.kind, case.events
        if key not in made:
            made[key] = _lines(case, size)
        data, own, truth = made[key]
        ready.append(prepared(case, data, own, truth))
    times: list[list[Times]] = [[] for _ in cases]
    for number in range(rounds):
        for case, one, found in zip(cases, ready, times, strict=True):
            print(f"round {number + 1} of {rounds}: {case.name}", file=sys.stderr, flush=True)
            ruler = seconds(_parse, one.data)
            native = _fed(case, one, native=True) if has_core() else None
            found.append(Times(ruler, _fed(case, one, native=False), native))
    return [_described(*both) for both in zip(cases, ready, times, strict=True)]


def _fed(case: Case, one: Ready, *, native: bool) -> float:
    """The time of the lines; compiled anew each time, so that nothing learnt from these lines is left over."""
    program = compiled(one.plans, lint=case.lint)
    tables_of(program, judge_of(program))  # else older tables would be freed while this one is timed
    with core("1" if native else "0"):
        return seconds(partial(feed, program), one.data)


def _lines(case: Case, size: int) -> tuple[bytes, Plans, Truth]:
    """The lines of a case, their own plan if they have one, and what their generator counted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "calls.jsonl")
        options = {"events": case.events} if case.kind == "traffic" else {}
        made = files.generated(path, size, case.kind, **options)
        own = read_plan(str(made.plan)).plan if made.plan else None
        return path.read_bytes(), Plans([], own), made.truth or stream("plain", 0).truth


def prepared(case: Case, data: bytes, own: Plans, truth: Truth) -> Ready:
    """Proves that uclint counts these lines right.

    Raises:
        WrongError: It does not.
    """
    plans = Plans(use_cases(case.plans)) if case.plans else own
    program = compiled(plans, lint=case.lint)

    def counted(some: bytes) -> Any:
        report = report_of(program, feed(program, some), plans, lint=case.lint)
        return plan_counts_of(report) if plans.own else counts_of(report)

    first = b"".join(islice(BytesIO(data), 1500))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "first.jsonl")
        path.write_bytes(first)
        wrong = disagreements(counted(first), loop(plans)(str(path)).counts or counted(first))
    if truth.lines and (plans.own or case.kind == "flawed"):
        wrong += disagreements(counted(data), of_truth(truth, by_plan=plans.own is not None))
    if wrong:
        raise WrongError("\n  ".join([f"{case.name}: counted wrong:", *wrong[:20]]))
    return Ready(data, data.count(b"\n"), plans)


def _parse(data: bytes) -> None:
    from orjson import loads  # noqa: PLC0415 - only who measures needs it

    for line in BytesIO(data):
        loads(line)


def seconds(work: Callable[[bytes], object], data: bytes) -> float:
    """The processor time that the work takes; objects of other cases are neither freed nor traversed in it."""
    gc.collect()
    gc.freeze()
    try:
        start = time.process_time()
        work(data)
        return time.process_time() - start
    finally:
        gc.unfreeze()


def _described(case: Case, ready: Ready, times: Sequence[Times]) -> dict[str, Any]:
    size = len(ready.data) / files.MB
    own = median(t.best for t in times)
    natives = [t.ruler / t.native for t in times if t.native is not None]
    return {
        **case._asdict(),
        "size": len(ready.data),
        "lines": ready.lines,
        "seconds": [[None if t is None else round(t, 4) for t in one] for one in times],
        "orjson_mb_per_second": round(size / median(t.ruler for t in times), 1),
        "mb_per_second": round(size / own, 1),
        "lines_per_second": round(ready.lines / own),
        "ratio": round(median(natives), 3) if natives else None,
        "pure_ratio": round(median(t.ruler / t.pure for t in times), 3),
    }


def relations(measured: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The relations both of whose cases were measured, each the median over the rounds."""
    known = {m["name"]: [Times(*one) for one in m["seconds"]] for m in measured}

    def value(relation: Relation, of: Callable[[Times], float | None]) -> float | None:
        pairs = [(of(a), of(b)) for a, b in zip(known[relation.one], known[relation.other], strict=True)]
        found = [a / b for a, b in pairs if a and b]
        return round(median(found), 3) if found else None

    return [
        {
            **relation._asdict(),
            "value": value(relation, lambda t: t.native),
            "pure_value": value(relation, lambda t: t.pure),
        }
        for relation in RELATIONS
        if relation.one in known and relation.other in known
    ]


def corners(size: int, rounds: int) -> list[dict[str, Any]]:
    """Each corner beside as many bytes of plain lines, checked by 25 use cases."""
    plans = Plans(use_cases(25))
    plain, _, _ = _lines(CASES[0], size)
    datas = {name: data_of(name, size) for name in CORNERS}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in CORNERS}
    for number in range(rounds):
        for name, data in datas.items():
            print(f"round {number + 1} of {rounds}: {name}", file=sys.stderr, flush=True)
            base = seconds(partial(feed, compiled(plans)), plain)
            times[name].append((base, seconds(partial(feed, compiled(plans)), data)))
    found = []
    for name, data in datas.items():
        own = median(t for _, t in times[name])
        share = median(len(data) / own / (len(plain) / base) for base, own in times[name])
        lines = data.count(b"\n") / own
        found.append({
            "name": name, "size": len(data), "lines": data.count(b"\n"),
            "mb_per_second": round(len(data) / files.MB / own, 2), "lines_per_second": round(lines),
            "share_of_plain": round(share, 4), "enough": share >= SHARE_OF_PLAIN or lines >= LINES_A_SECOND,
        })  # fmt: skip
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench ratios", description=__doc__)
    parser.add_argument("--size", type=int, default=40, metavar="MB", help="of each case (40)")
    parser.add_argument("--corner-size", type=int, default=4, metavar="MB", help="of each corner (4)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (5)")
    parser.add_argument("--only", action="append", metavar="TEXT", help="only cases whose name has this in it")
    parser.add_argument("--more", action="store_true", help="further cases: 1 and 200 use cases, 500 events, no lint")
    parser.add_argument("--no-corners", action="store_true", help="without what could make uclint slow")
    parser.add_argument("--record", action="store_true", help="keep a dated record of the run")
    parser.add_argument("--docs", action="store_true", help="with --record: write the newest records into the docs")
    parser.add_argument("--docs-file", type=Path, default=records.DOCS, help="the page with the tables")
    parser.add_argument("--runs", type=Path, default=records.RUNS, help="where records are kept")
    return parser


if __name__ == "__main__":
    sys.exit(main())
