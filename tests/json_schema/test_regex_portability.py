"""Patterns are classified by reading, against the engine of linear time; and nothing hangs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from validator.json_schema.regex_portability import Trait, remarks

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "patterns.yaml").read_text("utf-8"))


def linear(pattern: str) -> bool:
    """Whether the engine of linear time takes the pattern; nothing is matched."""
    try:
        jsonschema_rs.Draft7Validator({"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions())
    except (jsonschema_rs.ValidationError, ValueError):
        return False
    return True


@pytest.mark.parametrize("case", CASES, ids=[case["pattern"] for case in CASES])
def test_pattern(case: dict[str, Any]) -> None:
    found = [remark.trait.value for remark in remarks(case["pattern"])]
    assert found == case["traits"]
    if Trait.NOT_LINEAR in found:
        assert not linear(case["pattern"])


PIECES = [
    "a",
    "b+",
    "[ab]",
    "[^a]*",
    r"\d",
    "(",
    "(?:",
    ")",
    "|",
    "(?=",
    "(?<!",
    r"\1",
    ".",
    "?",
    r"\(",
    "[(?=]",
    "{2,}",
]


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
@settings(max_examples=examples(400), deadline=None, derandomize=True, database=None)
def test_what_the_linear_engine_takes_is_never_called_not_linear(pattern: str) -> None:
    if linear(pattern):
        assert Trait.NOT_LINEAR not in {remark.trait for remark in remarks(pattern)}


@pytest.mark.parametrize(
    "pattern",
    [
        "(" * 50_000,
        "[" * 50_000,
        "(a+)+" * 10_000,
        "\\" * 50_001,
        "a{" * 50_000,
        "[[:" * 50_000,
        "(" * 50_000 + ")" * 50_000,
    ],
)
def test_a_hostile_pattern_is_read_once(pattern: str) -> None:
    assert len(remarks(pattern)) <= 2
