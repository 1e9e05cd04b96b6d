"""Compares the native core with the Python loop: random plans, calls that nearly fit them, and mutated lines.

The suite runs a short selection (`tests/engine/scan/test_native.py`); `python -m tests.fuzz_native --seconds 60` goes
on for as long as it is given and prints what was tried. A difference comes with its seed, which finds it again at once:
`--seed`. With `--sanitizers` the core is built anew in a folder of its own, so that wrong reads of memory show, too.
"""

from __future__ import annotations

import argparse
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from tests.support import any_programs
from validator import native
from validator.engine.compile.program import Program
from validator.engine.compile.selection import Selection
from validator.engine.count.profile import InputSummary, Profile
from validator.engine.engine import Engine
from validator.engine.lint import Lint
from validator.input.lines import Block
from validator.model import Limits
from validator.plan import PlanRule, TrackingPlan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.engine.scan.observer import ObservedLine, Verdict

# Lines that are read by other ways than calls are, or only nearly are calls.
OTHERS: tuple[bytes, ...] = (
    *(b"", b" \t\r", b"[]", b"[1,2", b"3", b"1e999", b"-0", b"nul", b"null", b'"text"', b'"\\ud800"', b"{}", b"{} {}"),
    *(b'{"type":"track"}', b' {"type" : "track" } ', b'{"type":"track","type":"page"}', b'{"type":7}', b"\xff\xfe"),
    *(
        b'{"batch":[{"type":"track"},{},7]}',
        b'{"batch":3}',
        b'{"type":"track","event":"\\u0045vent","properties":null}',
    ),
    *(b'{"type":"track","event":"Event","properties":[]}', b'{"type":"track","event":"Event","properties":"x"}'),
    *(b'{"a":' + b"[" * 130 + b"]" * 130 + b"}", b'{"a":"\xc3\xa9\xed\xa0\x80"}', b'{"a":"\x01"}', b'{"a":01}', b"{,}"),
    *(b'{"userId":0,"type":"track"}', b'{"userId":0.0,"anonymousId":1e-400}', b'{"userId":' + b"1" * 30 + b"}"),
    *(b'{"type":"group","groupId":""}', b'{"type":"alias","previousId":5}', b'{"type":"identify","traits":null}'),
    *(b'{"type":"track","event":"Event","properties":{"currency":"XX"}}', b'{"\\u0074ype":"track","event":"New"}'),
    *(b'{"type":"track","event":"Event","properties":{"plan":1,"plan":2}}', b'{"a":"' + b"x" * 400 + b'"}', b"\x00"),
    *(b'{"type":"track","event":"Event","properties":{"p\\u006can":"a"}}', b'{"a":1}}', b'{"a":tru}', b'{"a"1}'),
)
TOKENS = (*b'{}[],:"\\ \t\r\0\x1f\x7f\xff0159eE.+-', *b"truefalsn")
NUMBERS = (
    *(
        b"0",
        b"-0",
        b"1",
        b"1.0",
        b"1.5",
        b"-3",
        b"7",
        b"7.0",
        b"6.9999999999999999",
        b"9007199254740993",
        b"1e2",
        b"1E-2",
    ),
    *(b"123456789012345678", b"1234567890123456789", b"0.30000000000000004", b"29007199254740993.5", b"2.5e-310"),
)


_MANY = 100


ROOT = Path(__file__).resolve().parents[1]
SANITIZERS = ("-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-fno-omit-frame-pointer")


class Case(NamedTuple):
    """What is read twice.

    Attributes:
        program: The compiled plans.
        limits: The limits.
        blocks: The lines, in blocks.
        observed: Whether the verdict on each call is compared, too.
    """

    program: Program
    limits: Limits
    blocks: Sequence[bytes]
    observed: bool = False


class Result(NamedTuple):
    """What became of a case.

    Attributes:
        lines: Its lines.
        counted: Those that the core counted; None where it was not asked.
    """

    lines: int
    counted: int | None


@contextmanager
def use_native(value: str) -> Iterator[None]:
    """Sets whether the native core is used."""
    before = os.environ.get(native.VARIABLE)
    os.environ[native.VARIABLE] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[native.VARIABLE]
        else:
            os.environ[native.VARIABLE] = before


def new_program(chance: random.Random) -> Program:
    """Random plans; most of them are such that the core takes them on."""
    made = any_programs.program(chance)
    if chance.random() < 0.1:
        return made
    plans = [_of_one_version(plan, named=chance.random() < 0.1) for plan in made.plans]
    if chance.random() < 0.7:
        plans = [_plain(chance, plan) if plan.id.startswith("plan-") else plan for plan in plans]
    codes = [code for code in made.lint.codes if code != "SP310" and not code.startswith("PV")]
    if chance.random() < 0.95:
        codes = [code for code in codes if code not in ("SP308", "SP309", "SP311", "SP312", "SP313", "SP317")]
    if chance.random() < 0.3:  # a few rules alone
        codes = [code for code in codes if chance.random() < 0.3]
    lint = Lint(codes, now=made.lint.now)
    return Program(plans, own=made.own, unplanned=made.unplanned, lint=lint, selection=new_selection(chance))


BY = (
    *("type", "event", "properties.plan", "properties.total", "context.library.name", "context.library", "userId"),
    *("@day", "@file", "timestamp", "messageId", "properties.products.plan", "a.b.c.d.e.f.g.h.i.j"),
)
MOMENTS = tuple(datetime(2024, 2, day, hour, tzinfo=UTC) for day in (28, 29) for hour in (0, 12))


def new_selection(chance: random.Random) -> Selection:
    """Which calls are judged: most often all, and now and then broken down by some fields."""
    by = tuple(chance.sample(BY, chance.randrange(1, 4))) if chance.random() < 0.3 else ()
    if chance.random() < 0.7:
        return Selection(by=by)
    return Selection(
        by=by,
        events=frozenset(chance.sample(any_programs.EVENTS, 2)) if chance.random() < 0.3 else frozenset(),
        types=frozenset(chance.sample(("track", "page", "unknown"), 2)) if chance.random() < 0.3 else frozenset(),
        since=chance.choice(MOMENTS) if chance.random() < 0.4 else None,
        until=chance.choice(MOMENTS) if chance.random() < 0.3 else None,
        sample=chance.choice((1.0, 0.5)),
        limit=chance.choice((None, None, None, 7)),
    )


TIMES = (
    *(b'"2024-02-29T23:59:59.999Z"', b'"2024-02-28T12:00:00Z"', b'"2023-02-29T12:00:00Z"', b'"2024-02-29"', b"null"),
    *(b'"2024-02-28T23:30:00-05:00"', b'"2024-02-29T12:00:00.1234567Z"', b'"2024-02-29T24:00:00Z"', b"17", b'"now"'),
    *(
        b'"2024-02-29T00:00:00.5Z"',
        b'"0000-01-01T00:00:00Z"',
        b'"2024-13-01T00:00:00Z"',
        b'"2024-02-28T11:59:59.999999Z"',
    ),
)
CONTEXTS = (
    *(b'{"library":{"name":"a","version":"1"}}', b'{"library":{"name":"\xc3\xa9"}}', b'{"library":{"name":7.0}}'),
    *(b'{"library":{"name":"a","name":"b"}}', b'{"library":{"n\\u0061me":"a"}}', b'{"library":{"name":true,"x":[{}]}}'),
    *(
        b'{"library":[]}',
        b'{"x":{"library":1},"library":{"name":null}}',
        b"[]",
        b'{"library" : {"name":"" , "y":{} } }',
    ),
)


def with_fields(chance: random.Random, line: bytes) -> bytes:
    """A call with fields that calls are selected and grouped by."""
    fields = [b'"%s":%s,' % (name, chance.choice(TIMES)) for name in (b"timestamp", b"sentAt") if chance.random() < 0.6]
    if chance.random() < 0.7:
        fields.append(b'"messageId":%s,' % chance.choice((b'"m-%d"' % chance.randrange(99), b'""', b"7", b'"\\u0041"')))
    if chance.random() < 0.7:
        fields.append(b'"context":%s,' % chance.choice(CONTEXTS))
    return b"{" + b"".join(fields) + line[1:] if line.startswith(b"{") and len(line) > 2 else line


def _of_one_version(plan: TrackingPlan, *, named: bool) -> TrackingPlan:
    rules = {(rule.type, rule.key): PlanRule(rule.type, rule.key, rule.schema, 1) for rule in plan.rules}
    kept = [rule for rule in rules.values() if named or rule.type == "TRACK" or rule.key is None]
    return TrackingPlan(plan.id, plan.name, tuple(kept or rules.values()))


def _plain(chance: random.Random, plan: TrackingPlan) -> TrackingPlan:
    """The plan with rules that say of each property what teams say."""
    rules = []
    for rule in plan.rules:
        schema = any_programs.wide(chance)
        schema.pop("allOf", None)
        schema["properties"]["properties"].pop("dependencies", None)
        rules.append(PlanRule(rule.type, rule.key, schema, rule.version))
    return TrackingPlan(plan.id, plan.name, tuple(rules))


def new_case(chance: random.Random, program: Program) -> Case:
    """Lines for a program, many of them more than once, in blocks of any size."""
    lines = any_programs.stream(chance, program, chance.choice((6, 40)))
    lines += [changed(chance, line) for line in lines if chance.random() < 0.3]
    lines += [chance.choice(OTHERS) for _ in range(chance.choice((0, 12)))]
    if chance.random() < 0.4:
        lines = [with_fields(chance, line) for line in lines]
    if chance.random() < 0.3:
        lines += [batch_of(chance, lines) for _ in range(chance.choice((3, 12)))]
    lines *= chance.choice((1, 8, 40))
    share = chance.choice((0, 0.05))
    lines = [changed(chance, line) if share and chance.random() < share else line for line in lines]
    chance.shuffle(lines)
    limits = Limits(
        places=chance.choice((0, 1, 2, 5)),
        line=chance.choice((300, *[1 << 20] * 4)),
        depth=chance.choice((3, 5, *[128] * 8)),
        names=chance.choice((2, *[10_000] * 8)),
        deviations=chance.choice((6, *[10_000] * 8)),
    )
    blocks = []
    while lines:
        size = chance.choice((1, 20, 200))
        blocks.append(b"".join(line + b"\n" for line in lines[:size]))
        del lines[:size]
    if chance.random() < 0.2:
        blocks[-1] = blocks[-1][:-1] or b" "
    return Case(program, limits, blocks, observed=not program.selection.narrow and chance.random() < 0.3)


OUTER = (b"", b"", b'"sentAt":"2024-02-29T00:00:00Z",', b'"context":{"library":{"name":"x"}},', b'"integrations":{},')


def batch_of(chance: random.Random, lines: Sequence[bytes]) -> bytes:
    """A batch of some calls, and of members that are none."""
    members = [line for line in chance.choices(lines, k=chance.randrange(6)) if line.startswith(b"{")]
    members += chance.choice(([], [], [b"7"], [b"null", b"[1]"]))
    chance.shuffle(members)
    own = chance.choice(OUTER)
    return b"{" + own + b'"batch":[' + chance.choice((b",", b" , ")).join(members) + b'],"writeKey":"k"}'


class Log:
    """An observer that notes each line, with the verdicts on its calls."""

    def __init__(self) -> None:
        self.lines: list[tuple[Any, ...]] = []

    def begin(self, path: str) -> None: ...

    def block(self, block: Block, line: int, verdicts: Sequence[Verdict]) -> None:
        byte, texts = block.byte, block.data.split(b"\n")
        for number, (text, verdict) in enumerate(zip(texts, verdicts, strict=False), line):
            self.lines.append((number, byte, text, "call", [(-1, *_shown(verdict))]))
            byte += len(text) + 1
        assert len(texts) - (not texts[-1]) == len(verdicts), "a line has no verdict"

    def blank(self, block: Block, line: int, lines: int) -> None:
        byte = block.byte
        for number, text in enumerate(block.data.split(b"\n")[:lines], line):
            self.lines.append((number, byte, text, "blank", []))
            byte += len(text) + 1

    def line(self, line: ObservedLine, ending: bytes) -> None:  # noqa: ARG002
        calls = [(member, *_shown(verdict)) for member, _, verdict in line.calls]
        self.lines.append((line.line, line.byte, line.text, line.line_class.value, calls))

    def passed_over(self, piece: bytes) -> None: ...


def _shown(verdict: Verdict) -> tuple[Any, ...]:
    return verdict.table, frozenset(verdict.deviations), verdict.breaks, verdict.facts


def changed(chance: random.Random, line: bytes) -> bytes:
    """A line with some bytes changed, or a number put for another."""
    data = bytearray(line)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(6):
            case 0:
                data[at : at + chance.randrange(1, 4)] = b""
            case 1:
                data[at:at] = bytes([chance.choice(TOKENS)])
            case 2:
                data[at : at + 1] = bytes([chance.choice(TOKENS)])
            case 3:
                begin = next((i for i in range(at, len(data)) if data[i] in b"0123456789"), len(data))
                end = next((i for i in range(begin, len(data)) if data[i] not in b"0123456789.eE+-"), len(data))
                data[begin:end] = chance.choice(NUMBERS)
            case 4:
                data[at:at] = data[max(0, at - 20) : at]
            case 5:
                space = data.find(b",", at)
                if space >= 0:
                    data[space : space + 1] = chance.choice((b" , ", b",\t", b",\r"))
    return bytes(data).replace(b"\n", b"")


def read(case: Case) -> tuple[Profile, int | None, list[tuple[Any, ...]]]:
    """The profile of a case, how many lines the core counted, and what an observer saw."""
    log = Log() if case.observed else None
    engine = Engine(case.program, case.limits, observer=log)
    engine.profile.inputs.append(InputSummary("-"))
    engine.begin(0)
    core = engine.native
    counted = 0
    if core is not None:
        scan = core.scan
        core.pauses = False

        def watched(data: bytes, countable: Sequence[bool]) -> Any:
            nonlocal counted
            handed = scan(data, countable)
            if handed is not None:
                known = handed.calls + handed.batches + sum(handed.others)
                assert known + len(handed.back) == handed.lines == data.count(b"\n"), "a line is in no class, or in two"
                counted += known
            return handed

        core.scan = watched  # type: ignore[method-assign]
    byte = lines = 0
    for data in case.blocks:
        lines += engine.lines(Block(byte, data))
        byte += len(data)
    profile = engine.finish()
    assert profile.lines.total() == lines, "a line is in no class, or in two"
    return profile, counted if core is not None else None, log.lines if log else []


def check(case: Case) -> Result:
    """Compares both ways of reading.

    Raises:
        AssertionError: They differ.
    """
    with use_native("0"):
        expected, _, lines = read(case)
    with use_native("1"):
        found, counted, seen = read(case)
    for one, other in zip_longest(lines, seen):
        assert one == other, f"seen: {one} in Python, {other} in C"
    if (
        min(case.limits.names, case.limits.deviations) < _MANY
    ):  # sums are moved at other times then: only the first place of a key is the same
        for profile in (expected, found):
            for sighting in profile.further.values():
                sighting.places = sighting.places[:1]
    for field in expected.__struct_fields__:
        one, other = getattr(expected, field), getattr(found, field)
        assert one == other, f"{field}: {difference(one, other)}"
    return Result(expected.lines.total(), counted)


def difference(one: Any, other: Any) -> str:
    """Where two parts of a profile differ."""
    if isinstance(one, dict):
        for key in [*one, *other]:
            if one.get(key) != other.get(key):
                return f"{key}: {one.get(key)} in Python, {other.get(key)} in C"
    if isinstance(one, msgspec.Struct):
        return next(
            f"{name}: {difference(getattr(one, name), getattr(other, name))}"
            for name in one.__struct_fields__
            if getattr(one, name) != getattr(other, name)
        )
    return f"{one} in Python, {other} in C"


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz_native", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long (60)")
    parser.add_argument("--seed", type=int, default=0, help="another one makes other cases (0)")
    parser.add_argument("--sanitizers", action="store_true", help="with a core that is watched by ASan and UBSan")
    arguments = parser.parse_args()
    if arguments.sanitizers:
        run_watched(arguments.seconds, arguments.seed)
        return
    tried = run(arguments.seconds, arguments.seed)
    sys.stdout.write(", ".join(f"{number:,} {what}" for what, number in tried.items()) + "\n")


def run_watched(seconds: float, seed: int) -> None:
    """Runs this in another process, with a core that is built with sanitizers."""
    sys.path.insert(0, str(ROOT))
    import build_hook  # noqa: PLC0415 - needs what builds the project

    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "validator", Path(folder, "validator"), ignore=shutil.ignore_patterns("*.so"))
        shutil.copytree(ROOT / "tests", Path(folder, "tests"))
        own = Path(folder, build_hook.SOURCES)
        build_hook.compile_to(own / build_hook.BINARY, own, SANITIZERS)
        compiler = shlex.split(os.environ.get("CC") or "cc")
        libraries = [
            subprocess.run(
                [*compiler, f"-print-file-name={name}"], capture_output=True, text=True, check=True
            ).stdout.strip()
            for name in ("libasan.so", "libubsan.so")
        ]
        env = os.environ | {"LD_PRELOAD": ":".join(libraries), "ASAN_OPTIONS": "detect_leaks=0", "PYTHONPATH": folder}
        command = [sys.executable, "-m", "tests.fuzz_native", "--seconds", str(seconds), "--seed", str(seed)]
        sys.exit(subprocess.run(command, cwd=folder, env=env, check=False).returncode)


def run(seconds: float, seed: int) -> Counter[str]:
    """Compares random cases for a while; returns what was tried."""
    end, tried = time.monotonic() + seconds, Counter[str]()
    while time.monotonic() < end:
        chance = random.Random(seed)
        program = new_program(chance)
        for _ in range(20):
            case = new_case(chance, program)
            try:
                result = check(case)
            except BaseException:
                sys.stderr.write(f"seed {seed}\n")
                raise
            tried["lines"] += result.lines
            tried["lines counted in C"] += result.counted or 0
            tried["cases"] += 1
            tried["cases that the core took on"] += result.counted is not None
        seed += 1
        tried["programs"] += 1
    return tried


if __name__ == "__main__":
    main()
