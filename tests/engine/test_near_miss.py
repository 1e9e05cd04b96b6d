"""Near misses: names that were probably meant to be a planned one, and names that were not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from tests.near_names import measure
from tests.support.checking import check_stream
from tests.support.command import ROOT
from tests.support.examples import examples
from validator import Catalog
from validator.engine.name_stems import stem
from validator.engine.near_miss import LONGEST, NearMisses, fold, one_edit, shortened, shortened_pieces

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "names.yaml").read_text("utf-8"))
RECOMMENDED = sorted({use.event.name for use_case in Catalog.load().use_cases for use in use_case.events})

thorough = settings(max_examples=examples(250), deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    planned = [case["planned"]] if isinstance(case["planned"], str) else case["planned"]
    assert set(case) == {"name", "seen", "planned", "expected"}
    assert NearMisses(planned).planned(case["seen"]) == case["expected"]
    assert NearMisses(planned[::-1]).planned(case["seen"]) == case["expected"], "the order of the plans matters"


def test_no_case_comes_twice() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("name", RECOMMENDED)
def test_no_recommended_name_is_taken_for_another(name: str) -> None:
    others = NearMisses(other for other in RECOMMENDED if other != name)
    assert others.planned(name) is None


def test_real_names_are_told_apart_as_the_docs_say() -> None:
    measured = measure()
    page = " ".join((ROOT / "docs" / "how-it-works.md").read_text("utf-8").split())
    assert [sentence for sentence in measured.sentences if sentence not in page] == []
    assert len(measured.missed) <= 0.05 * measured.near, measured.missed
    assert measured.mistaken == measured.confused == []


@pytest.mark.parametrize(("word", "same"), [("started", "start"), ("applies", "applied"), ("planning", "plans")])
def test_stems(word: str, same: str) -> None:
    assert stem(word) == stem(same) != stem("other")


@pytest.mark.parametrize("word", ["address", "status", "bus", "red", "ring", "sing", "es", "s", ""])
def test_what_only_looks_like_an_ending_stays(word: str) -> None:
    assert stem(word).startswith(word[:3].rstrip("s") or word)


@pytest.mark.parametrize(
    ("seen", "planned"),
    [
        ("order_completed", "Order Completed"),
        ("Order Compleeted", "Order Completed"),
        ("Checkout Complete", None),
        ("Complete Order", "Order Completed"),
    ],
)
def test_report_asks_whether_it_was_meant(seen: str, planned: str | None) -> None:
    report = check_stream(f'{{"type":"track","event":"{seen}","properties":{{}}}}\n'.encode())
    found = [finding for finding in report.findings if finding.code == "NM401"]
    assert [(finding.event, finding.count) for finding in found] == ([(seen, 1)] if planned else [])
    assert all(f'did you mean "{planned}"?' in finding.message for finding in found)


# Folding one of these letters gives one letter, so what is one edit of the name is one edit of what is compared.
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789éüÉжЖ日本"
SEPARATORS = " _-./"
words = st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=4)
letters = st.sampled_from(LETTERS)


def names(least: int) -> st.SearchStrategy[str]:
    joined = st.tuples(words, st.sampled_from(SEPARATORS)).map(lambda pair: pair[1].join(pair[0]))
    return joined.filter(lambda name: len(fold(name)) >= least)


@given(st.text("ab", max_size=6), st.text("ab", max_size=6))
@settings(thorough, max_examples=examples(2_000))
def test_one_edit_is_a_distance_of_one(one: str, other: str) -> None:
    assert one_edit(one, other) == one_edit(other, one) == (OSA.distance(one, other) <= 1)


@given(names(5), st.data())
@thorough
def test_one_edit_is_found(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(letters)
    swapped = name[:at] + name[at : at + 2][::-1] + name[at + 2 :]
    edits = [name[:at] + letter + name[at:], name[:at] + letter + name[at + 1 :], name[:at] + name[at + 1 :], swapped]
    if name[at] in SEPARATORS:
        del edits[1]  # a letter for a separator is one edit of what is compared, and tried above
    near = NearMisses([name])
    for edited in [*edits, name + letter]:
        assert near.planned(edited) == name, edited


@given(names(1), st.data())
@thorough
def test_case_and_separators_make_no_difference(name: str, data: st.DataObject) -> None:
    kept = [char for char in name if char not in SEPARATORS]
    dice = data.draw(st.randoms(use_true_random=False))
    cased = [dice.choice((char.upper(), char.lower())) for char in kept]
    seen = "".join(dice.choice(("", "", "", "__", *SEPARATORS)) + char for char in cased)
    assert NearMisses([name]).planned(seen) == name


@given(names(10), st.data())
@thorough
def test_two_edits_are_not(name: str, data: st.DataObject) -> None:
    """Letters that the name does not have, put apart from each other: no single edit does that."""
    dice = data.draw(st.randoms(use_true_random=False))
    first, second = sorted(dice.sample([i for i, char in enumerate(name) if char not in SEPARATORS], 2))
    strange = dice.choices("βγδλπ", k=2)
    kind = dice.choice(("change", "add", "both"))
    changes, adds = kind != "add", kind != "change"
    middle = name[first + changes : second]
    seen = name[:first] + strange[0] + middle + strange[1] + name[second + (not adds) :]
    assert NearMisses([name]).planned(seen) is None


@given(st.text(LETTERS, min_size=1, max_size=4), letters)
@thorough
def test_short_names_are_not_edited(name: str, letter: str) -> None:
    near = NearMisses([name])
    for seen in (name + letter, letter + name, name[1:], name[::-1]):
        assert near.planned(seen) == (name if fold(seen) == fold(name) else None)


LONG = "Order " * 500
SHORTENED = [
    ("x" * LONGEST, "x" * LONGEST),
    ("", ""),
    (LONG, LONG[:200] + "… "),
    ("é" * 2_000, "é" * 200 + "… "),
    ("\ud800" * 2_000, "\ud800" * 200 + "… "),
]


@pytest.mark.parametrize(("name", "beginning"), SHORTENED, ids=["long", "empty", "words", "letters", "surrogates"])
def test_of_a_very_long_name_the_beginning_is_kept(name: str, beginning: str) -> None:
    kept = shortened(name)
    assert kept.startswith(beginning)
    if name != beginning:
        assert len(kept) == len(beginning) + 16
        assert not any(character.isdigit() for character in kept)
        assert kept != shortened(name + "!")


@pytest.mark.parametrize("size", [1, 7, 199, 200, 801, 5_000])
def test_a_name_that_comes_in_pieces_is_the_same(size: int) -> None:
    for name, _ in SHORTENED[2:]:
        data = name.encode("utf-8", "surrogatepass")
        assert shortened_pieces(data[at : at + size] for at in range(0, len(data), size)) == shortened(name)
