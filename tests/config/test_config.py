"""Configuration files: read strictly, with the right places, as the published schema has them; found where they are."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.support.command import uclint
from validator.config import data_directory
from validator.config.find_config import find_config
from validator.config.keys import CONVENTIONS, FORM, FORMATS, Leaf, Open, Table
from validator.config.read_config import read_config, settings_of
from validator.config.schema import schema_text
from validator.config.settings import DEFAULTS, Setting, Settings
from validator.engine.lint.conventions import CASE_NAMES
from validator.errors import ConfigError
from validator.render import FORMATS as RENDERED
from validator.syntax.plain_document import PlainDocument
from validator.syntax.toml_document import TomlDocument

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "config.yaml").read_text("utf-8"))
SCHEMA = data_directory("schemas") / "config.schema.json"
VALIDATOR = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text("utf-8")))


# ------------------------------------------------------------------------------------------------------------ reading


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_a_file_sets_or_is_reported(case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / case.get("at", "uclint.toml")
    path.parent.mkdir(exist_ok=True)
    path.write_text(case["text"], "utf-8")
    monkeypatch.chdir(tmp_path)
    relative = path.relative_to(tmp_path)
    if "sets" in case:
        found = {".".join(key): setting.value for key, setting in read_config(relative).items()}
        assert {k: list(v) if isinstance(v, tuple) else v for k, v in found.items()} == case["sets"]
        return
    with pytest.raises(ConfigError) as caught:
        read_config(relative)
    assert len(caught.value.mistakes) == len(case["says"])
    for message, want in zip(caught.value.mistakes, case["says"], strict=True):
        assert message.startswith(want), message


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff", "1:1: the file is not UTF-8 from here on"),
        (b"x" * (1 << 20 | 1), "the file is larger than 1,048,576 bytes"),
        (b"a = " + b"[" * 100_000, "nested too deep"),
        (b"limits.line = " + b"1" * 5_000, "a number in the file has thousands of digits; shorten it"),
        (b"limits.line = 0x" + b"f" * 5_000, "1:1: `limits.line` must be a whole number .*, not one far beyond that"),
    ],
)
def test_files_that_are_no_text_or_too_much(data: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "uclint.toml").write_bytes(data)
    with pytest.raises(ConfigError, match=says):
        read_config(tmp_path / "uclint.toml")


def test_a_byte_order_mark_and_crlf_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "uclint.toml"
    path.write_bytes(b'\xef\xbb\xbf# a comment\r\nfail-on = "never"\r\n')
    (setting,) = read_config(path).values()
    assert (setting.value, setting.origin.line, setting.origin.column) == ("never", 2, 1)


# ------------------------------------------------------------------------------------------------------------- places

NAMES = st.sampled_from(["a", "b-c", "d_1", "e f", "g.h", 'i"j', "k#l", "ü", "[m]"])
NUMBERS = ["1", "-2.5e3", "true", "nan", "2026-01-31", "2026-01-31 12:00:00Z", "12:30:00"]
TEXTS = ['"x # y"', r'"q\"]"', "'a\\'", '"""t\n"u" ] = \n"""', '"""v\\"""""', "'''w\n'x''''", '""', "''"]
SCALARS = st.sampled_from([*NUMBERS, *TEXTS])
TREES: Any = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=12,
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """TOML text in every form that its values can be written in."""
    lines: list[str] = []

    def space() -> str:
        return draw(st.sampled_from(["", " ", "\t"]))

    def key(name: str) -> str:
        bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
        return name if bare and draw(st.booleans()) else json.dumps(name, ensure_ascii=False)

    def value(tree: Any) -> str:
        if isinstance(tree, str):
            return tree
        if isinstance(tree, dict):
            return "{" + ",".join(f"{space()}{key(k)}{space()}={space()}{value(v)}" for k, v in tree.items()) + " }"
        gap = draw(st.sampled_from(["", "\n", " # ], \n"]))
        return "[" + ",".join(f"{gap}{value(v)}{gap}" for v in tree) + "]"

    def table(tree: dict[str, Any], way: tuple[str, ...]) -> None:
        below = []
        for name, member in tree.items():
            form = draw(st.integers(0, 2))
            if isinstance(member, dict) and form:
                below.append((f"[{space()}{dotted((*way, name))}{space()}]", name, [member]))
            elif isinstance(member, list) and member and all(isinstance(m, dict) for m in member) and form:
                below.append((f"[[{dotted((*way, name))}]]", name, member))
            else:
                lines.append(f"{space()}{key(name)}{space()}={space()}{value(member)}{space()}# c = 1")
        for header, name, members in below:
            for member in members:
                lines.extend(["", header])
                table(member, (*way, name))

    def dotted(way: tuple[str, ...]) -> str:
        return draw(st.sampled_from([".", " . "])).join(key(name) for name in way)

    table(draw(st.dictionaries(NAMES, TREES, max_size=4)), ())
    return "\n".join(lines)


def ways(value: Any, above: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """The way to every value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {above} | {way for key, member in inside for way in ways(member, (*above, key))}


@given(documents())
def test_every_key_of_a_table_has_its_line(text: str) -> None:
    document = TomlDocument("x.toml", text)
    assert repr(document.value) == repr(tomllib.loads(text))
    assert {(key,) for key in document.value} <= document._marks.keys() <= ways(document.value)
    lines = text.split("\n")
    for way, (line, _) in document._marks.items():
        assert way not in ways(tomllib.loads("\n".join(lines[: line - 1])))
        statement = next(read for end in range(line, len(lines) + 1) if (read := read_if_toml(lines[:end])) is not None)
        assert way in ways(statement)


def read_if_toml(lines: list[str]) -> Any:
    """The lines as TOML; None where they end inside a value."""
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return None


def test_dotted_keys_arrays_of_tables_and_what_stands_nowhere() -> None:
    text = 'a.b.c = 1\n[[d]]\n  [d.e]\n  f = [ {g = 1},\n        2]\n[[d]]\ne.f = """\n[x]"""\nh = 2'
    expected = {
        ("a",): (1, 1), ("a", "b"): (1, 1), ("a", "b", "c"): (1, 1), ("d",): (2, 1), ("d", 0): (2, 1),
        ("d", 0, "e"): (3, 3), ("d", 0, "e", "f"): (4, 3), ("d", 0, "e", "f", 0, "g"): (4, 3),
        ("d", 0, "e", "f", 1): (4, 3), ("d", 1): (6, 1), ("d", 1, "e"): (7, 1), ("d", 1, "e", "f"): (7, 1),
        ("d", 1, "h"): (9, 1), (): (1, 1), ("z",): (1, 1), ("a", "b", "x", "y"): (1, 1),
    }  # fmt: skip
    for ending in ("\n", "\r\n"):
        document = TomlDocument("x.toml", text.replace("\n", ending))
        assert {way: tuple(document.mark(way)) for way in expected} == expected


# ------------------------------------------------------------------------------------------------------------- schema


def test_the_published_schema_is_fresh() -> None:
    jsonschema.Draft7Validator.check_schema(json.loads(schema_text()))
    assert SCHEMA.read_text("utf-8") == schema_text(), "run: uclint config --schema > schemas/config.schema.json"


def test_formats_are_those_that_can_be_written() -> None:
    assert list(FORMATS) == list(RENDERED)


def test_conventions_are_those_that_can_be_told() -> None:
    assert list(CONVENTIONS) == list(CASE_NAMES)


def test_defaults_are_good_settings() -> None:
    for key, setting in DEFAULTS.items():
        value: Any = list(setting.value) if isinstance(setting.value, tuple) else setting.value
        for part in reversed(key):
            value = {part: value}
        if setting.value is not None:
            VALIDATOR.validate(value)


VALUES: Any = st.one_of(
    st.sampled_from(["", "x", "error", "warn", "off", "never", "a\0b"]),
    st.sampled_from([True, False, 0, 1, -1, 0.5, 1.0, 1.5, 500, 501, 1 << 60, float("inf")]),
    st.lists(st.sampled_from(["x", "", 1, None]), max_size=2),
    st.dictionaries(
        st.sampled_from(["x", "", "json"]), st.sampled_from(["x", "error", 1, 0.5, {"y": "z"}]), max_size=2
    ),
)


def fitting(node: Leaf | Open | Table) -> Any:
    """Values for a key, good ones and bad."""
    if isinstance(node, Table):
        members = {key: st.one_of(fitting(member), VALUES) for key, member in node.members.items()}
        return st.fixed_dictionaries({}, optional={**members, "xyzzy": st.none()} if len(members) < 4 else members)
    if isinstance(node, Open):
        value = st.one_of(fitting(node.value), VALUES)
        return st.dictionaries(st.sampled_from(["json", "UC101", "x", ""]), value, max_size=2)
    if node.kind == "convention":
        patterns = st.sampled_from([{"pattern": "^a"}, {"pattern": ""}, {"pattern": 1}, {"pattern": "a", "x": 1}, {}])
        return st.one_of(st.sampled_from(node.choices), patterns)
    return st.sampled_from(node.choices) if node.choices else VALUES


@given(fitting(FORM))
def test_reader_and_schema_accept_the_same(value: Any) -> None:
    try:
        settings_of(PlainDocument(value))
        accepted = True
    except ConfigError:
        accepted = False
    assert accepted == VALIDATOR.is_valid(value)


@pytest.mark.parametrize("case", [c for c in CASES if "nan" not in c["text"]], ids=lambda case: case["name"])
def test_the_schema_says_the_same_of_the_cases(case: dict[str, Any]) -> None:
    try:
        value = tomllib.loads(case["text"])
    except tomllib.TOMLDecodeError:
        assert "says" in case
        return
    if case.get("at") == "pyproject.toml":
        value = value["tool"]["uclint"]
    assert VALIDATOR.is_valid(value) == ("sets" in case)


# ------------------------------------------------------------------------------------------------------------ finding


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, None),
        ({"uclint.toml": ""}, "uclint.toml"),
        ({"a/uclint.toml": "", "uclint.toml": ""}, "a/uclint.toml"),
        ({"a/b/c/uclint.toml": ""}, None),
        ({"a/b/uclint.toml": "", "a/b/pyproject.toml": "[tool.uclint]"}, "a/b/uclint.toml"),
        ({"a/pyproject.toml": "[tool.uclint]", "uclint.toml": ""}, "a/pyproject.toml"),
        ({"a/pyproject.toml": "[tool.uclint.rules]"}, "a/pyproject.toml"),
        ({"a/pyproject.toml": '[ tool . "uclint" ]'}, "a/pyproject.toml"),
        ({"a/pyproject.toml": '[tool]\nx = 1\nuclint.fail-on = "never"'}, "a/pyproject.toml"),
        ({"a/pyproject.toml": 'tool = { uclint = { fail-on = "never" } }'}, "a/pyproject.toml"),
        ({"a/pyproject.toml": "tool = { x = 1, uclint.fail-on = 'never' }"}, "a/pyproject.toml"),
        ({"a/pyproject.toml": "\ufeff[tool]\r\nx = [1]\r\n'uclint' = {}"}, "a/pyproject.toml"),
        ({"a/pyproject.toml": "[[tool.uclint]]"}, "a/pyproject.toml"),
        ({"a/pyproject.toml": "tool = 'uclint'", "uclint.toml": ""}, "uclint.toml"),
        ({"a/pyproject.toml": 'x = """\n[tool.uclint]\n"""', "uclint.toml": ""}, "uclint.toml"),
        ({"a/pyproject.toml": "[tool.uclint]\nfail-on ="}, "a/pyproject.toml"),
        ({"a/pyproject.toml": "[tool]\nuclint.fail-on ="}, "a/pyproject.toml"),
        ({"a/pyproject.toml": "uclint =", "uclint.toml": ""}, "uclint.toml"),
        ({"a/pyproject.toml": "[tool.other]\nx = 'tool.uclint'", "uclint.toml": ""}, "uclint.toml"),
        ({"a/pyproject.toml": "not TOML at all [", "uclint.toml": ""}, "uclint.toml"),
        ({"a/.git/HEAD": "", "uclint.toml": ""}, None),
        ({"a/.git": "gitdir: x", "a/uclint.toml": "", "uclint.toml": ""}, "a/uclint.toml"),
    ],
)
def test_the_nearest_is_found_and_none_outside_the_repository(
    files: dict[str, str], found: str | None, tmp_path: Path
) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    if found is None:
        (tmp_path / ".git").mkdir(exist_ok=True)  # nothing above may disturb
    assert find_config(tmp_path / "a" / "b") == (None if found is None else tmp_path / found)


def test_a_file_that_is_a_link_to_nothing_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "uclint.toml").write_text("")
    link = tmp_path / "a" / "uclint.toml"
    link.symlink_to("../shared.toml")
    done = uclint("config", cwd=link.parent)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"uclint: uclint.toml: a link to a file that is not there; fix the link, or remove it\n"
    (tmp_path / "shared.toml").write_text("fail-on = 'never'\n")
    assert b'fail-on = "never"  # uclint.toml:1:1' in uclint("config", cwd=link.parent).stdout


def test_settings_of_later_layers_win_key_by_key() -> None:
    file = {
        ("fail-on",): Setting("never", DEFAULTS["fail-on",].origin),
        ("rules", "severity", "TP"): DEFAULTS["goals",],
    }
    settings = Settings(DEFAULTS, file)
    assert settings.value("fail-on") == "never"
    assert settings.value("unplanned") == "warn"
    assert list(settings.table("rules.severity")) == [("TP",)]
    assert settings.without(["rules.severity"]).table("rules.severity") == {}
    assert settings.without(["fail-on"]).value("fail-on") == "error"


def test_the_least_coverage_of_an_event_can_be_set_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "uclint.toml").write_text(
        'use-cases = ["acquire-paid-subscriptions"]\n'
        '[names.events]\ntrial_begun = "Trial Started"\n[coverage.events]\ntrial_begun = 0.9\n'
    )
    done = uclint(
        "check", stdin=b'{"type": "track", "event": "trial_begun", "userId": "u", "messageId": "m"}\n', cwd=tmp_path
    )
    assert done.returncode == 1
    assert b"Trial Started is covered 0.0%" in b" ".join(done.stdout.split())
