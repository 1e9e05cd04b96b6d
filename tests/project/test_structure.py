"""No class has more than a dozen public methods, and no module more than 400 lines."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.support.command import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = sorted((ROOT / "validator").rglob("*.py"))
MOST_METHODS = 12
MOST_LINES = 400


def public_methods(found: ast.ClassDef) -> set[str]:
    """Properties among them; a property and its setter are one."""
    functions = (node for node in found.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {function.name for function in functions if not function.name.startswith("_")}


def large_classes() -> Iterator[str]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and len(public_methods(node)) > MOST_METHODS:
                yield f"{path.relative_to(ROOT / 'validator').as_posix()}: {node.name}"


def test_no_class_has_two_jobs() -> None:
    assert list(large_classes()) == [], f"more than {MOST_METHODS} public methods: split it"


def test_no_module_is_long() -> None:
    lines = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert [name for name, count in lines.items() if count > MOST_LINES] == [], "split it"
