"""The native core counts what the Python loop counts."""

from __future__ import annotations

import gzip
import random
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from tests import fuzz_native
from tests.fuzz_native import Case, check, new_case, new_program, use_native
from tests.support.command import SAMPLES, uclint
from tests.support.plain_lines import program, use_cases
from validator import native
from validator.engine.compile.program import Program
from validator.engine.count.profile import InputSummary
from validator.engine.engine import Engine
from validator.errors import UsageError
from validator.input.lines import Block
from validator.json_schema.byte_automaton import NOT_CERTAIN, automaton_of
from validator.json_schema.regex import search
from validator.model import Limits
from validator.native import Status
from validator.plan import PlanRule, TrackingPlan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CORE: Any = native.status().module
needs_core = pytest.mark.skipif(CORE is None, reason="the native core is not built")

CALL = (
    b'{"type":"track","event":"Order Completed","userId":"u","properties":{"currency":"EUR","total":7.5,"tax":null}}\n'
)
SAMPLE = SAMPLES / "personalize-winback.flawed.ndjson"


@pytest.fixture
def instructions() -> Iterator[None]:
    yield
    CORE.use_instructions(0)


@needs_core
@pytest.mark.no_cover
@pytest.mark.parametrize("seed", range(4))
def test_random_plans_and_mutated_calls_are_counted_alike(seed: int) -> None:
    chance = random.Random(seed)
    made = new_program(chance)
    for _ in range(4):
        check(new_case(chance, made))


@needs_core
def test_most_calls_are_counted_in_the_core() -> None:
    lines = SAMPLE.read_bytes()
    result = check(Case(use_cases(), Limits(), [lines] * 40))
    assert result.counted is not None
    assert result.counted > result.lines / 2


@needs_core
@pytest.mark.parametrize("other", fuzz_native.OTHERS)
def test_each_odd_line_is_counted_alike_wherever_it_stands(other: bytes) -> None:
    for lines in ([other], [CALL[:-1], other, CALL[:-1]], [other] * 20):
        block = b"".join(line + b"\n" for line in lines)
        check(Case(use_cases(), Limits(places=2), [CALL * 20, block, block, block[:-1] or b" "]))


@needs_core
def test_a_line_is_read_alike_whatever_its_length() -> None:
    texts = [b'{"a":"' + letter * size + b'"}\n' for size in range(140) for letter in (b"x", "é".encode(), b"\\n")]
    check(Case(program(), Limits(places=0), [CALL * 9, *texts, b"".join(texts)]))


@needs_core
@pytest.mark.parametrize("most", [0, 1, 2], ids=["widest", "baseline", "portable"])
@pytest.mark.usefixtures("instructions")
def test_all_instructions_find_the_same(most: int) -> None:
    assert CORE.use_instructions(most)
    chance = random.Random(most)
    check(new_case(chance, new_program(chance)))
    lines = [
        b" " * size + b'{"a":"' + "ä".encode() * (70 - size) + b'\\"' + b"\x01" * (size % 3) + b'"}\n'
        for size in range(70)
    ]
    check(Case(use_cases(), Limits(places=0), [CALL, *lines, b"".join(lines)]))


@needs_core
def test_a_line_between_32_and_64_kib_is_handed_back() -> None:
    big = CALL.replace(b'"EUR"', b'"' + b"x" * 33_000 + b'"')
    check(Case(use_cases(), Limits(), [CALL * 20, big + CALL, big * 2]))


@needs_core
def test_without_memory_the_core_says_so_or_counts_the_same() -> None:
    block = SAMPLE.read_bytes()
    expected = _lines_counted(block)
    failed = 0
    for allocation in count():
        CORE.fail_after(allocation)
        try:
            assert _lines_counted(block) == expected
        except MemoryError:
            failed += 1
        finally:
            CORE.fail_after(-1)
        if allocation > failed + 40:  # by then there are no more allocations
            break
    assert failed > 5


def _lines_counted(block: bytes) -> dict[str, int]:
    engine = Engine(use_cases(), Limits())
    engine.profile.inputs.append(InputSummary("-"))
    engine.begin(0)
    for _ in range(3):
        engine.lines(Block(0, block))
    profile = engine.finish()
    return {repr(key): seen.count for key, seen in [*profile.calls.items(), *profile.deviations.items()]}


@needs_core
@pytest.mark.no_cover
@pytest.mark.parametrize("packing", ["plain", "gzip", "pipe"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_reports_are_the_same_byte_for_byte(packing: str, jobs: int, tmp_path: Path) -> None:
    lines = SAMPLE.read_bytes() * 30
    path = tmp_path / "calls.ndjson"
    path.write_bytes(gzip.compress(lines) if packing == "gzip" else lines)
    named = ["-"] if packing == "pipe" else [path.name]
    stdin = lines if packing == "pipe" else b""
    found = [
        uclint(
            "check", *named, "--format", "json", f"-j{jobs}", cwd=tmp_path, stdin=stdin, env={native.VARIABLE: value}
        )
        for value in "01"
    ]
    assert found[0].stdout == found[1].stdout
    assert found[0].returncode == found[1].returncode == 1


@needs_core
def test_the_core_refuses_what_makes_no_sense() -> None:
    core = CORE.Core(128, 1000, 1000)
    with pytest.raises(ValueError, match="not whole lines"):
        core.scan(b"{}", 0)
    with pytest.raises(ValueError, match="no such table"):
        core.set_table(0, 0, 0)
    with pytest.raises(ValueError, match="no such outcome"):
        core.add_entry(b"track", None, 99, (0, 0, 0, 0), False, False, 0)
    with pytest.raises(ValueError, match="no such field"):
        core.select((99,), None, None, 0)
    with pytest.raises(ValueError, match="no such path"):
        core.set_label(0, 0, None, 0)
    with pytest.raises(ValueError, match="no such signature"):
        core.signature(0)
    with pytest.raises(ValueError, match="too deep"):
        CORE.Core(1 << 20, 1000, 1000)


@needs_core
def test_plans_that_are_too_much_for_the_core_are_left_to_python() -> None:
    deep = Limits(depth=2_000)
    check(Case(use_cases(), deep, [CALL * 20]))
    assert Engine(use_cases(), deep).native is None
    fields = {f"field {number}": {"type": "string"} for number in range(60)}
    wide = Program([TrackingPlan("wide", "Wide", (PlanRule("COMMON", None, {"properties": fields}),))])
    check(Case(wide, Limits(), [CALL * 20]))
    keys = {f"key {number}": {"type": "string"} for number in range(70)}
    payload = {"type": "object", "properties": keys, "required": [*keys]}
    many = Program([TrackingPlan("many", "Many", (PlanRule("COMMON", None, {"properties": {"properties": payload}}),))])
    check(Case(many, Limits(), [CALL * 20]))


@needs_core
def test_more_keys_than_the_core_has_room_for_make_it_forget() -> None:
    lines = [
        b'{"type":"track","event":"Order Completed","properties":{"key %d":1}}\n' % number for number in range(9_000)
    ]
    check(Case(use_cases(), Limits(), [b"".join(lines[at : at + 500]) for at in range(0, 9_000, 500)]))


# ------------------------------------------------------------------------------------------------- whether it is used


def test_the_version_says_whether_it_is_in_use() -> None:
    for value, message in (("0", b"native core: not in use, UCLINT_NATIVE is 0"), ("auto", b"native core: ")):
        done = uclint("--version", env={native.VARIABLE: value})
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.splitlines()[1].startswith(message)


def test_a_value_that_means_nothing_is_an_error() -> None:
    done = uclint("--version", env={native.VARIABLE: "yes"})
    assert done.returncode == 2
    assert b"UCLINT_NATIVE is 'yes'; it can be 0, 1 or auto" in done.stderr


def test_it_is_an_error_if_it_has_to_be_there_and_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "_found", lambda: Status(None, "it was not built"))
    with use_native("1"), pytest.raises(UsageError, match="there is no native core: it was not built"):
        native.status()
    with use_native("auto"):
        assert native.core_type() is None


@needs_core
def test_a_binary_of_another_version_is_never_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "CONTRACT", 0)
    native._found.cache_clear()
    try:
        with use_native("auto"):
            assert native.status() == Status(
                None, f"it is of another version (contract {CORE.CONTRACT}, not 0); install uclint again"
            )
    finally:
        native._found.cache_clear()


# ------------------------------------------------------------------------------------------------------------ patterns

PATTERNS = (
    *("", "^", "$", "^$", "foo", "a\\$", "a\\\\$", "ab|cd", "(a|)b", "(ab)+c", "(a*)*b", "(a?){3}$", "[\\d-]x", "[a-]"),
    *("^[A-Z]{2}-[0-9]+$", "^[^<>]{1,60}$", "^(a|bc)*d?$", "[0-9]+[.][0-9]+$", "^\\w+@\\w+\\.com$", "^.{2,5}$"),
    *("^(?:x(y|z){1,2}){2,}$", "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(\\.\\d+)?Z$", "^a+?b*?$", "\\S\\W\\D\\s"),
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_automata_find_what_the_engine_for_patterns_finds(pattern: str) -> None:
    automaton, holds = automaton_of(pattern), search(pattern)
    assert automaton
    chance = random.Random(pattern)
    parts = (
        "a",
        "b",
        "ab",
        "c",
        "d",
        "x",
        "y",
        "z",
        "0",
        "19",
        "-",
        ".",
        "@",
        ".com",
        "AB",
        " ",
        "$",
        "\\",
        "foo",
        "T",
        ":",
    )
    certain = 0
    for _ in range(400):
        text = "".join(chance.choice(parts) for _ in range(chance.randrange(9)))
        if chance.random() < 0.1:
            text += chance.choice(("é", "\n", "\x7f", "\r"))
        state = automaton.start
        for byte in text.encode():
            state = automaton.next[state << 8 | byte]
        if state != NOT_CERTAIN:
            certain += 1
            assert bool(automaton.accepts[state]) == holds(text), text
    assert certain > 300


@pytest.mark.parametrize(
    "pattern",
    [
        "(?=a)b",
        "(?<n>a)",
        "\\bfoo",
        "a\\1",
        "[[:alpha:]]",
        "[a&&b]",
        "ä",
        "^a|b",
        "a|b$",
        "\\p{L}",
        "a{2",
        "x**",
        "a^",
        "$a",
        "(a",
        "]",
    ],
)
def test_what_engines_may_read_differently_has_no_automaton(pattern: str) -> None:
    assert automaton_of(pattern) is None


def test_too_large_a_pattern_has_no_automaton() -> None:
    assert automaton_of("^(([ab]{90}c){90}d){90}$") is None
    assert automaton_of("[ab]*a[ab]{12}$") is None
