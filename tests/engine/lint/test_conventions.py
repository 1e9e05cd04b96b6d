"""Conventions of names: what follows each, what a name would be in it, and where it is set."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.support.command import uclint
from validator.engine.lint import Convention, Pattern
from validator.engine.lint.conventions import CASE_NAMES
from validator.engine.lint.name_words import KNOWN, SMALL, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "conventions.yaml").read_text("utf-8"))

# What plain names are like in each, in words of our own: letters of ASCII, two or more a word, and no acronym.
PLAIN = {
    "title": "[A-Z][a-z]+( [A-Z][a-z]+)*",
    "sentence": "[A-Z][a-z]+( [a-z]+)*",
    "lower": "[a-z]+( [a-z]+)*",
    "snake": "[a-z]+(_[a-z]+)*",
    "constant": "[A-Z]+(_[A-Z]+)*",
    "camel": "[a-z]+([A-Z][a-z]+)*",
    "pascal": "([A-Z][a-z]+)+",
    "kebab": "[a-z]+(-[a-z]+)*",
}
# None that is one word with what a hyphen ties it to, as in Opt-in, nor one that is written in a way of its own, though
# some that begin or end like one.
LETTERS = st.text("bcdghklmnpqrtuxyz", min_size=3, max_size=6)
WORD = LETTERS | st.sampled_from(["npmx", "bnpm", "xnpmx"])
WORDS = st.lists(WORD.filter(lambda word: word not in KNOWN | SMALL), min_size=2, max_size=4)
FORMS = st.sampled_from(list(CASE_NAMES))


def names() -> Iterator[Any]:
    for case in CASES:
        convention = Convention(case["form"], case.get("words", ()), case.get("prefixes", ()))
        yield from (pytest.param(convention, name, id=f"{case['form']}-{name}") for name in case["follows"])


def breaks() -> Iterator[Any]:
    for case in CASES:
        convention = Convention(case["form"], case.get("words", ()), case.get("prefixes", ()))
        for name, better in case["breaks"].items():
            yield pytest.param(convention, str(name), better, id=f"{case['form']}-{name}")


@pytest.mark.parametrize(("convention", "name"), list(names()))
def test_names_that_follow(convention: Convention, name: str) -> None:
    assert convention.follows(name)
    assert convention.rewritten(name) is None


@pytest.mark.parametrize(("convention", "name", "better"), list(breaks()))
def test_names_that_do_not(convention: Convention, name: str, better: str | None) -> None:
    assert not convention.follows(name)
    assert convention.rewritten(name) == better


@pytest.mark.parametrize("form", ["title", "sentence"])
def test_a_word_in_capitals_is_an_acronym_up_to_four_letters(form: str) -> None:
    convention = Convention(form)
    assert all(map(convention.follows, ("BOOK", "BOOK PAID")))
    assert not any(map(convention.follows, ("BOOKS", "BOOKS PAID")))


@given(WORDS, FORMS)
def test_words_are_written_as_one_expects(words: list[str], form: str) -> None:
    written = Convention(form).example(*words)
    assert re.fullmatch(PLAIN[form], written)
    assert Convention(form).follows(written)
    assert [word.lower() for word in words_of(written) or ()] == words


@given(WORDS, FORMS, FORMS)
def test_what_is_plain_in_one_convention_can_be_said_in_any_other(words: list[str], here: str, there: str) -> None:
    written, other = Convention(here).example(*words), Convention(there)
    wanted = None if other.follows(written) else other.example(*words)
    assert other.rewritten(written) == wanted


@given(WORDS, FORMS, FORMS)
def test_plain_names_of_other_conventions_are_reported(words: list[str], here: str, there: str) -> None:
    written = Convention(here).example(*words)
    assert Convention(there).follows(written) == bool(re.fullmatch(PLAIN[there], written))


@given(st.text(max_size=12) | st.text("aB_ -.9ß订'/&#$\ud800", max_size=8), FORMS)
def test_no_name_is_too_odd_and_what_is_proposed_is_right(name: str, form: str) -> None:
    convention = Convention(form)
    better = convention.rewritten(name)
    assert better is None or (not convention.follows(name) and convention.follows(better))


def test_a_pattern_is_about_the_whole_name() -> None:
    pattern = Pattern("[a-z]+: [a-z_]+|X")
    assert [pattern.follows(name) for name in ("a: b_c", "X", "a: b c", "XX", "", "a: b\n")] == [True] * 2 + [False] * 4


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a)(b", "is no regular expression"),
        ("[", "is no regular expression"),
        ("(?=a)b", "has the lookahead (?=...), which no engine can run in linear time"),
        (r"(a)\1", r"has the backreference \1, which no engine can run in linear time"),
    ],
)
def test_a_pattern_that_cannot_be_run_says_why(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"the pattern `{text}` {says}")):
        Pattern(text)


# ------------------------------------------------------------------------------------------------------- the command

FILE = """\
use-cases = ["acquire-paid-subscriptions"]
[names]
dynamic = 3
[names.case]
events = "snake"
properties = { pattern = "[a-z]+" }
"""
CALLS = [
    {"type": "track", "userId": f"u{n}", "event": event, "properties": {"planName": 1, "plan": 2}}
    for n, event in enumerate([f"planChanged{k}" for k in range(3)] + ["plan_kept", "Trial Started"] * 3)
]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "uclint.toml").write_text(FILE, "utf-8")
    (tmp_path / "a.ndjson").write_text("".join(json.dumps(call) + "\n" for call in CALLS), "utf-8")
    return tmp_path


def found(directory: Path, *options: str) -> dict[str, list[str]]:
    done = uclint("check", "a.ndjson", "--format", "json", *options, cwd=directory)
    reported: dict[str, list[str]] = {}
    for finding in json.loads(done.stdout)["findings"]:
        if finding["code"].startswith("NM"):
            reported.setdefault(finding["code"], []).append(finding["message"])
    return reported


def test_conventions_of_the_file_turn_their_rules_on(directory: Path) -> None:
    reported = found(directory)
    assert reported["NM406"] == [
        (
            "3 event names are not in snake_case, such as `plan_changed` (3 calls): "
            '"planChanged0" (did you mean "plan_changed0"?), "planChanged1" (did you mean "plan_changed1"?), '
            '"planChanged2" (did you mean "plan_changed2"?).'
        )
    ]
    assert reported["NM407"] == [
        'track calls: 1 property is not of the form `[a-z]+`: "planName".',
        'Trial Started: 1 property is not of the form `[a-z]+`: "planName".',
    ]
    assert reported["NM403"] == ['"planChanged#" stands for 3 event names (3 calls): send what varies as a property.']


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ([], {"NM403", "NM406", "NM407"}),
        (["--no-config", "-u", "acquire-paid-subscriptions"], set()),
        (["--ignore", "NM406"], {"NM403", "NM407"}),
        (["--ignore", "NM"], set()),
        (["--ignore", "ALL"], set()),
        (["--select", "UC"], set()),
        (["--severity", "NM407=off"], {"NM403", "NM406"}),
        (["--event-case", "camel"], {"NM403", "NM406", "NM407"}),
        (["--property-case", "camel"], {"NM403", "NM406"}),
    ],
)
def test_which_rules_are_used(options: list[str], codes: set[str], directory: Path) -> None:
    assert set(found(directory, *options)) == codes


def test_an_option_wins_over_the_file(directory: Path) -> None:
    assert found(directory, "--event-case", "camel")["NM406"] == [
        '1 event name is not in camelCase, such as `planChanged` (3 calls): "plan_kept" (did you mean "planKept"?).'
    ]


def test_any_number_of_processes_finds_the_same(directory: Path) -> None:
    assert found(directory, "-j", "1") == found(directory, "-j", "2")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            'events = { pattern = "(?=a)" }',
            "uclint.toml:2:1: `names.case.events`: the pattern `(?=a)` has the lookahead",
        ),
        ('properties = { pattern = "[" }', "uclint.toml:2:1: `names.case.properties`: the pattern `[` is no regular"),
        ('words = ["iOS", "two words"]', "uclint.toml:2:1: `names.case.words`: 'two words' is not a single word"),
    ],
)
def test_a_mistake_has_its_place(line: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "uclint.toml").write_text(f"[names.case]\n{line}\n", "utf-8")
    for name in ("config", "check"):
        done = uclint(name, cwd=tmp_path, stdin=b"")
        assert (done.returncode, says in done.stderr.decode()) == (2, True), done.stderr


def test_the_configuration_says_where_a_convention_comes_from(directory: Path) -> None:
    text = uclint("config", "--event-case", "kebab", cwd=directory).stdout.decode()
    assert 'names.case.events = "kebab"  # --event-case\n' in text
    assert 'names.case.properties = { pattern = "[a-z]+" }  # uclint.toml:6:1\n' in text
    assert "names.dynamic = 3  # uclint.toml:3:1\n" in text
