"""The JSON Parsing Test Suite: what is JSON is read, what is not is refused, and neither disturbs its neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.checking import check_stream
from validator import Catalog, Limits, LineClass, Program, compile_use_case
from validator.engine.decode.decoder import Decoder
from validator.engine.engine import Engine
from validator.input.lines import Block

if TYPE_CHECKING:
    from validator.engine.count.profile import Profile

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "conformance" / "json-test-suite" / "test_parsing"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the JSON test suite (../shared/conformance) is not beside this checkout"
)

GOOD = b'{"type":"track","event":"Order Completed","properties":{"total":3.5}}'
UNREAD = b'{"type":"track","unread":%s,"event":"Order Completed","properties":{"total":3.5}}'
DEEP_UNREAD = (
    b'{"type":"track","event":"Order Completed","context":{"a":[%s]},"properties":{"other":[{"b":%s}],"total":3.5}}'
)
READ = b'{"type":"track","event":"Order Completed","properties":{"total":%s,"tax":1}}'
FIELD = b'{"type":"page","name":%s,"properties":{}}'

TOO_DEEP = {"n_structure_100000_opening_arrays", "n_structure_open_array_object", "i_structure_500_nested_arrays"}
BLANK = {"n_single_space", "n_structure_no_data"}


FILES = {path.stem: path.read_bytes().removesuffix(b"\n") for path in sorted(FOLDER.glob("*.json"))}
CONTENTS = {name: data for name, data in FILES.items() if b"\n" not in data}
every_file = pytest.mark.parametrize("name", CONTENTS)


@pytest.fixture(scope="module")
def program() -> Program:
    return Program(map(compile_use_case, Catalog.load().use_cases))


@pytest.fixture(scope="module")
def engine(program: Program) -> Engine:
    engine = Engine(program, Limits())
    engine.begin(0)
    return engine


@pytest.fixture(scope="module")
def decoder(program: Program) -> Decoder:
    return Decoder(program.wanted, Limits())


def forget(profile: Profile) -> None:
    """Forgets what was counted, before the next lines."""
    for table in (profile.lines, profile.types, profile.calls, profile.deviations, profile.faults, profile.names):
        table.clear()


def line_class(engine: Engine, decoder: Decoder, line: bytes) -> LineClass:
    """The class of a line, which must leave the good lines around it alone."""
    assert engine.lines(Block(0, b"\n".join((GOOD, line, GOOD, b"")))) == 3
    profile = engine.finish()
    classes, calls = profile.lines.copy(), profile.types.total()
    forget(profile)
    classes[LineClass.CALL] -= 2
    (found,) = (+classes).elements()
    assert calls == 2 + (found is LineClass.CALL)
    assert decoder.read(line).line_class is found
    return found


def test_suite_is_there() -> None:
    kinds = [name[0] for name in CONTENTS]
    assert (kinds.count("y"), kinds.count("n"), kinds.count("i")) == (93, 185, 35)


@every_file
def test_line_by_itself(name: str, engine: Engine, decoder: Decoder) -> None:
    content = CONTENTS[name]
    found = line_class(engine, decoder, content)
    if name in TOO_DEEP:
        assert found is LineClass.TOO_DEEP
    elif name in BLANK:
        assert found is LineClass.BLANK
    elif name.startswith("y_"):
        assert found is (LineClass.CALL if content.strip().startswith(b"{") else LineClass.NOT_OBJECT)
    elif name.startswith("n_"):
        assert found is LineClass.MALFORMED
    else:
        assert found in (LineClass.MALFORMED, LineClass.CALL, LineClass.NOT_OBJECT)


@every_file
def test_value_of_a_field(name: str, engine: Engine, decoder: Decoder) -> None:
    content = CONTENTS[name]
    forms = (UNREAD, DEEP_UNREAD, READ, FIELD)
    wholes = [form.replace(b"%s", content) for form in forms]
    found = {form: line_class(engine, decoder, line) for form, line in zip(forms, wholes, strict=True)}
    assert len(set(found.values())) == 1, found
    if name in TOO_DEEP:
        assert found[READ] is LineClass.TOO_DEEP
    elif name.startswith("y_"):
        assert found[READ] is LineClass.CALL
    elif name.startswith("n_"):
        assert found[READ] is LineClass.MALFORMED
    else:
        assert found[READ] in (LineClass.MALFORMED, LineClass.CALL)


@pytest.mark.parametrize("name", sorted(FILES.keys() - CONTENTS.keys()))
@pytest.mark.parametrize("after", [b"", GOOD + b"\n"])
def test_value_over_several_lines_is_not_joined(name: str, after: bytes, engine: Engine) -> None:
    for content in (FILES[name], b'{"type":\n"track"}', b'{"a":1}{"b":\n2}', b"{}{}\n"):
        data = GOOD + b"\n" + content + b"\n" + after
        assert engine.lines(Block(0, data)) == data.count(b"\n")
        profile = engine.finish()
        assert profile.lines[LineClass.CALL] == profile.types.total() == data.count(GOOD)
        assert profile.lines.total() == data.count(b"\n")
        forget(profile)


def test_all_lines_in_one_stream(engine: Engine, decoder: Decoder) -> None:
    """Through framing and blocks, with a good line after each: the classes add up, and places are right."""
    lines = [line for content in CONTENTS.values() for line in (content, GOOD, UNREAD.replace(b"%s", content))]
    classes = [decoder.read(line).line_class for line in lines]
    report = check_stream(b"\n".join([GOOD, *lines, GOOD]))
    assert report.lines == {one: classes.count(one) + 2 * (one is LineClass.CALL) for one in LineClass}
    assert report.calls == report.lines[LineClass.CALL]
    assert report.lines[LineClass.BATCH] == 0
    starts = [len(GOOD) + 1]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for finding in report.findings:
        for place in finding.places:
            assert place.line == 1 or place.byte == starts[place.line - 2]
