"""Conventions of names: who follows them, what was meant, and that a configuration turns their rules on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.command import uclint
from validator.engine.lint.cases import CONVENTIONS, Case
from validator.model import CASES

TABLE: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases" / "case.yaml").read_text("utf-8"))
FOLLOWS = [(said, name) for said, of in TABLE.items() for name in of["follows"]]
BREAKS = [(said, name, meant) for said, of in TABLE.items() for name, meant in of["breaks"].items()]


def test_every_convention_is_named_and_tried() -> None:
    assert tuple(CONVENTIONS) == CASES
    assert set(CASES) < set(TABLE)


@pytest.mark.parametrize(("said", "name"), FOLLOWS)
def test_follows(said: str, name: str) -> None:
    assert Case(said).follows(name)
    assert Case(said).meant(name) is None


@pytest.mark.parametrize(("said", "name", "meant"), BREAKS)
def test_breaks(said: str, name: str, meant: str | None) -> None:
    assert not Case(said).follows(name)
    assert Case(said).meant(name) == meant


words = st.lists(st.from_regex(r"[a-z]{2,8}", fullmatch=True), min_size=1, max_size=5)


@given(words, st.sampled_from(CASES), st.sampled_from(CASES))
def test_what_was_meant_follows_and_keeps_every_letter(some: list[str], written: str, wanted: str) -> None:
    name = CONVENTIONS[written].join(some)
    assert Case(written).follows(name)
    meant = Case(wanted).meant(name)
    if meant is not None:
        assert Case(wanted).follows(meant)
        assert fold(meant) == fold(name)


def fold(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


CALLS = b"""\
{"type": "track", "userId": "u", "messageId": "1", "event": "planChanged", "properties": {"planName": "a", "seats": 3}}
{"type": "track", "userId": "u", "messageId": "2", "event": "Plan Kept", "properties": {"plan_name": "a"}}
{"type": "track", "userId": "u", "messageId": "3", "event": "invited jane@example.com", "properties": {}}
"""


def found(folder: Path, config: str, *options: str) -> dict[str, str]:
    (folder / "uclint.toml").write_text(config)
    (folder / "calls.ndjson").write_bytes(CALLS * 3)
    texts = []
    for jobs in ("1", "2"):
        done = uclint("check", "calls.ndjson", "--format", "json", "-j", jobs, *options, cwd=folder)
        assert done.returncode in (0, 1), done.stderr
        texts.append(done.stdout)
    assert texts[0] == texts[1]
    return {f["code"]: f["message"] for f in json.loads(texts[0])["findings"] if f["code"] in ("NM406", "NM407")}


def test_setting_a_convention_uses_its_rule(tmp_path: Path) -> None:
    assert found(tmp_path, "") == {}
    assert found(tmp_path, '[rules.case]\nevents = "title"\nproperties = "snake"\n') == {
        "NM406": '2 event names are not in Title Case (6 calls): "invited #", "planChanged" (as "Plan Changed").',
        "NM407": 'track calls: 1 property is not in snake_case: "planName" (as "plan_name").',
    }
    assert found(tmp_path, '[rules.case]\nproperties = "camel"\n') == {
        "NM407": 'track calls: 1 property is not in camelCase: "plan_name" (as "planName").'
    }


def test_a_convention_of_ones_own(tmp_path: Path) -> None:
    assert found(tmp_path, "[rules.case]\nevents = '^Plan [A-Z][a-z]+$'\n") == {
        "NM406": '2 event names are not in the form ^Plan [A-Z][a-z]+$ (6 calls): "invited #", "planChanged".'
    }


@pytest.mark.parametrize(
    ("rules", "options", "on"),
    [
        ('ignore = ["NM406"]', (), False),
        ('ignore = ["NM"]', (), False),
        ("", ("--ignore", "NM4"), False),
        ('select = ["UC"]', (), False),
        ("", ("--select", "TP"), False),
        ("", ("--select", "TP", "--select", "NM406"), True),
        ("", ("--severity", "NM406=off"), False),
        ("", ("--severity", "NM406=error"), True),
        ('select = ["ALL", "PV"]', (), True),
    ],
)
def test_what_is_selected_otherwise_counts(tmp_path: Path, rules: str, options: tuple[str, ...], on: bool) -> None:
    config = f'[rules]\n{rules}\n[rules.case]\nevents = "snake"\n'
    assert ("NM406" in found(tmp_path, config, *options)) == on


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('"snak"', "uclint.toml:2:1: 'snak' is no convention; there are title, sentence"),
        ('"snak"', "did you mean 'snake'?"),
        ("'^(a'", "uclint.toml:2:1: '^(a' is no regular expression, or one that takes more than linear time"),
        ("'^(?=a)b$'", "more than linear time"),
        ("7", "uclint.toml:2:1: `rules.case.events` must be text, not a whole number"),
        ('""', "text that is not empty"),
    ],
)
def test_mistakes(tmp_path: Path, value: str, message: str) -> None:
    (tmp_path / "uclint.toml").write_text(f"[rules.case]\nevents = {value}\n")
    for command in ("check", "config"):
        done = uclint(command, cwd=tmp_path)
        assert done.returncode == 2
        assert message in done.stderr.decode()


def test_config_says_where_it_was_set(tmp_path: Path) -> None:
    (tmp_path / "uclint.toml").write_text('[rules.case]\nevents = "snake"\n')
    shown = uclint("config", cwd=tmp_path).stdout.decode()
    assert 'rules.case.events = "snake"  # uclint.toml:2:1' in shown
    assert "rules.case.properties = none  # default" in shown
