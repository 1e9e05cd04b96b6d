"""The file of a setup: what is written is read again, what people or merges did to it has its place."""

from __future__ import annotations

import base64
import contextlib
import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from validator.adapters.cli.setup_file import SetupFile
from validator.catalog import DESTINATION_TYPES, SOURCE_TYPES, Catalog
from validator.errors import SetupError, UsageError
from validator.setup.read_setup import read_setup
from validator.setup.state import Destination, Environment, Mark, Proof, Rollout, Setup, Source
from validator.setup.write_setup import write_setup

CATALOG = Catalog.load()
NAMES = [use_case.id for use_case in CATALOG.use_cases]
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "setup-files.yaml").read_text("utf-8"))
MARK = 'on = 2026-03-02, by = "Ana"'
PROOF = (
    'on = 2026-03-03, calls = 37, libraries = ["analytics.js"], first = 2024-03-01T08:00:07Z, '
    "last = 2024-03-01T08:02:58Z"
)
SOUND = f"""\
# Kept by people and by uclint.
version = 1

[[use_case]]
id = "boost-retention-upsell-and-cross-sell/personalize-winback"
chosen = {{{MARK}}}
reviewed = {{{MARK}}}
verified_in_dev = {{{PROOF}}}



published = {{{MARK}}}
verified_in_prod = {{{PROOF}}}

[dev.sources.web-dev]
type = "Website"
when = {{"/context/library/name" = ["census"]}}
added = {{{MARK}}}
seen = {{{PROOF}}}

[dev.destinations.mixpanel-dev]
type = "Analytics"
from = ["web-dev"]
integration = "Mixpanel"
added = {{{MARK}}}
confirmed = {{{MARK}}}
"""


def test_the_sound_file_is_sound(tmp_path: Path) -> None:
    (tmp_path / "setup.toml").write_text(SOUND, encoding="utf-8")
    setup, text = read_setup(str(tmp_path / "setup.toml"), NAMES)
    assert text == SOUND
    assert setup.rollout is not None
    assert setup.rollout.prod == setup.rollout.dev
    assert setup.dev.sources["web-dev"].when == {"/context/library/name": ("census",)}
    assert setup.dev.destinations["mixpanel-dev"].sources == ("web-dev",)
    (tmp_path / "again.toml").write_text(write_setup(setup), encoding="utf-8")
    assert read_setup(str(tmp_path / "again.toml"), NAMES)[0] == setup


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_wrong_is_reported_with_its_place(case: dict[str, Any], tmp_path: Path) -> None:
    if "base64" in case:
        content = base64.b64decode(case["base64"])
    elif "text" in case:
        content = case["text"].encode()
    else:
        assert case["from"] in SOUND
        content = SOUND.replace(case["from"], case["to"], -1 if case.get("all") else 1).encode()
    path = tmp_path / "setup.toml"
    path.write_bytes(content)
    with pytest.raises(SetupError) as raised:
        read_setup(str(path), NAMES)
    for mistake in raised.value.mistakes:
        assert mistake.startswith(f"{path}:")
    message = str(raised.value)
    for text in case["says"]:
        assert text in message


@pytest.mark.parametrize("content", [SOUND[:n] for n in range(0, len(SOUND), 23)], ids=len)
def test_a_file_cut_off_anywhere_is_read_or_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "setup.toml"
    path.write_text(content, encoding="utf-8")
    with contextlib.suppress(SetupError):
        assert isinstance(read_setup(str(path), NAMES)[0], Setup)


WORDS = st.text(min_size=1, max_size=8).filter(str.strip).map(lambda text: text.encode("utf-8", "replace").decode())
KEYS = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,6}[A-Za-z0-9._-])?", fullmatch=True)
DAYS = st.dates(datetime.date(1000, 1, 1))
TIMES = st.datetimes(datetime.datetime(1000, 1, 1), timezones=st.just(datetime.UTC)).map(
    lambda at: at.replace(microsecond=0)
)
MARKS = st.tuples(DAYS, WORDS).map(lambda parts: Mark(*parts))
SPANS = st.none() | TIMES
LISTS = st.lists(WORDS, max_size=2).map(tuple)
PROOFS = st.tuples(DAYS, st.integers(1, 10**12), LISTS, SPANS, SPANS, LISTS).map(lambda parts: Proof(*parts))
RULES = st.dictionaries(st.sampled_from(["/a", '/"b', "/context/library/name"]), st.lists(WORDS, min_size=1).map(tuple))


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    names = draw(st.lists(KEYS, unique=True, max_size=6))
    environments = []
    for mine in (names[:3], names[3:]):
        sources = {n: draw(sources_called(n)) for n in mine[:2]}
        destinations = {n: draw(destinations_called(n, tuple(sources))) for n in mine[2:]}
        environments.append(Environment(sources, destinations))
    facts: list[Any] = [draw(strategy) for strategy in (MARKS, PROOFS, MARKS, PROOFS)[: draw(st.integers(0, 4))]]
    done = Rollout(NAMES[0], draw(MARKS), draw(MARKS), draw(PROOFS), draw(MARKS), draw(PROOFS))
    return Setup((done, Rollout(NAMES[1], draw(MARKS), *facts)), *environments)


def sources_called(name: str) -> st.SearchStrategy[Source]:
    facts = st.tuples(st.sampled_from(SOURCE_TYPES), MARKS, RULES, st.none() | PROOFS, st.none() | MARKS)
    return facts.map(lambda parts: Source(name, *parts))


def destinations_called(name: str, sources: tuple[str, ...]) -> st.SearchStrategy[Destination]:
    facts = st.tuples(st.sampled_from(DESTINATION_TYPES), WORDS, MARKS, st.none() | PROOFS, st.none() | MARKS)
    return facts.map(lambda parts: Destination(name, parts[0], sources, *parts[1:]))


@settings(deadline=None, database=None, derandomize=True, max_examples=examples(60))
@given(setups())
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, setup: Setup) -> None:
    path = tmp_path_factory.getbasetemp() / "round.toml"
    path.write_bytes(write_setup(setup).encode())
    assert read_setup(str(path), NAMES)[0] == setup


def test_somebody_elses_change_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "setup.toml"
    path.write_text(SOUND, encoding="utf-8")
    file = SetupFile(str(path), CATALOG)
    theirs = SOUND.replace('"Ana"', '"Bo"')
    path.write_text(theirs, encoding="utf-8")
    with pytest.raises(UsageError, match="changed by somebody else"):
        file.save(Setup())
    assert path.read_text("utf-8") == theirs
    assert [p.name for p in tmp_path.iterdir()] == ["setup.toml"]


def test_nothing_is_written_where_nothing_changed(tmp_path: Path) -> None:
    path = tmp_path / "setup.toml"
    path.write_text(SOUND, encoding="utf-8")
    file = SetupFile(str(path), CATALOG)
    assert not file.save(file.setup)
    assert path.read_text("utf-8") == SOUND
