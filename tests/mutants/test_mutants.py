"""`python -m tests.mutants` on a small project: what its tests notice is killed, and what they do not survives."""

from __future__ import annotations

import ast
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.mutants.__main__ import SCOPE
from tests.mutants.mirror import PROPERTY_TESTS, nearest_tests
from tests.mutants.mutations import mutations
from tests.mutants.run import Sample, run, survivors
from tests.mutants.trees import BrokenTestsError, Tree
from tests.support.command import ROOT

if TYPE_CHECKING:
    from pathlib import Path

AGES = """
    def is_adult(age):
        return age >= 18
"""
TESTS = """
    from small.people.ages import is_adult

    def test_is_adult():
        assert is_adult(30)
        assert not is_adult(3)
"""
PROJECT = {
    "small/__init__.py": "",
    "small/people/__init__.py": "",
    "small/people/ages.py": AGES,
    "tests/__init__.py": "",
    "tests/people/__init__.py": "",
    "tests/people/test_ages.py": TESTS,
    "pyproject.toml": "[tool.pytest.ini_options]\nmarkers = ['slow']",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in PROJECT.items():
        path = tmp_path / "small" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip(), "utf-8")
    return tmp_path / "small"


def test_what_no_test_notices_survives(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No age near 18 is tried."""
    assert run(Sample(project, ("small/people/ages.py",), 99, 0), jobs=2) == 0
    message = capsys.readouterr().out
    assert "killed" in message.partition("return: return age >= 18  ->  return None")[0].splitlines()[-1]
    assert message.endswith(
        "\n1 of 3 killed (33%), seed 0\n"
        "survived: small/people/ages.py:2  comparison: age >= 18  ->  age > 18\n"
        "survived: small/people/ages.py:2  constant: 18  ->  19\n"
    )
    assert (project / "small/people/ages.py").read_text("utf-8") == dedent(AGES).lstrip(), "changed in a copy only"


def test_tests_that_fail_anyway_kill_nothing(project: Path) -> None:
    (project / "tests/people/test_ages.py").write_text("def test():\n    assert False\n", "utf-8")
    with pytest.raises(BrokenTestsError, match=r"test_ages\.py fails without a change: failed"):
        survivors(Sample(project, ("small",), 1, 0), seen=lambda *_: None)


def test_a_change_that_takes_all_memory_fails(project: Path, tmp_path: Path) -> None:
    tree = Tree(project, tmp_path / "copy", memory=256 << 20)
    tests = ["tests/people/test_ages.py"]
    assert tree.run(tests, 60).passed
    endless = "def is_adult(age):\n    some = []\n    while True:\n        some.append(bytes(1 << 20))\n"
    with tree.changed("small/people/ages.py", endless):
        outcome = tree.run(tests, 60)
    assert not outcome.passed
    assert outcome.how != "timeout"


def test_a_seed_takes_the_same_changes() -> None:
    first, again, other = (Sample(ROOT, SCOPE, 20, seed).taken() for seed in (1, 1, 2))
    assert first == again != other
    assert len({str(mutant) for mutant in first}) > 10


CHANGES = [
    ("x = a < b <= c", ["comparison: a < b <= c  ->  a <= b <= c", "comparison: a < b <= c  ->  a < b < c"]),
    ("x = a is not None", ["comparison: a is not None  ->  a is None"]),
    ("x = a and b", ["boolean: a and b  ->  a or b"]),
    ("x = not a", ["boolean: not a  ->  a"]),
    ("x = 3", ["constant: 3  ->  4"]),
    ("x = True", ["constant: True  ->  False"]),
    ("x = a + b", ["arithmetic: a + b  ->  a - b"]),
    ("x += a", ["arithmetic: x += a  ->  x -= a", "removed: x += a  ->  pass"]),
    ("def f():\n    return a", ["return: return a  ->  return None"]),
    ("def f():\n    return a | b", ["return: return a | b  ->  return None", "arithmetic: a | b  ->  a & b"]),
    ("if a:\n    f()", ["condition: a  ->  not a", "removed: f()  ->  pass"]),
    ("x = [a for a in b if a()]", ["condition: a()  ->  not a()"]),
    ("if a == b:\n    raise C", ["comparison: a == b  ->  a != b", "removed: raise C  ->  pass"]),
    ("x[a] = b", ["removed: x[a] = b  ->  pass"]),
    ("é = 'ü'; x = a == b", ["comparison: a == b  ->  a != b"]),
    # What does nothing, only describes, or is a message.
    ('"""Text."""', []),
    ("X = A | B", []),
    ("x: Annotated[int, 3]", []),
    ("def f(x: A | B = c) -> 3: ...", []),
    ("class A(B, frozen=True):\n    pass", []),
    ("if TYPE_CHECKING:\n    x = 3", []),
    ("x = f'{a + b}'", []),
    ("def f():\n    return None", []),
]


@pytest.mark.parametrize(("text", "expected"), CHANGES, ids=[text for text, _ in CHANGES])
def test_changes(text: str, expected: list[str]) -> None:
    found = mutations(text)
    assert [str(mutation) for mutation in found] == expected
    for mutation in found:
        assert ast.dump(ast.parse(mutation.text)) != ast.dump(ast.parse(text))
        assert text.splitlines()[mutation.line - 1].find(mutation.before.splitlines()[0]) >= 0


def test_tests_are_found_by_path() -> None:
    own, others = nearest_tests(ROOT, "validator/engine/scan/exact.py")
    assert own == ["tests/engine/scan/test_exact.py"]
    assert {*PROPERTY_TESTS, "tests/engine/scan/test_quick_tests.py"} <= set(others)
    assert all((ROOT / name).is_file() for name in (*own, *others))
    assert not set(own) & set(others)
    assert "tests/engine/test_oracle.py" in nearest_tests(ROOT, "validator/engine/engine.py")[1]
    assert nearest_tests(ROOT, "validator/no/such/module.py")[0] == []
