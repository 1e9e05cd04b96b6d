"""No module is in an import circle, imports for types included."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pytest

PACKAGE = ROOT / "validator"


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(name: str, path: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    """The modules of the project that a module names in an import, wherever in it that stands."""
    inside = name if path.stem == "__init__" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            above = inside.split(".")[: len(inside.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                found = f"{origin}.{alias.name}"
                if found in modules or origin in modules:
                    yield found if found in modules else origin


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """The modules that lead back to themselves, those of one circle together."""
    reached: dict[str, set[str]] = {}
    for start in graph:
        seen, waiting = set[str](), [start]
        while waiting:
            new = graph.get(waiting.pop(), set()) - seen
            seen |= new
            waiting += new
        reached[start] = seen
    found = {
        frozenset(other for other in reached[name] if name in reached.get(other, ()))
        for name in graph
        if name in reached[name]
    }
    return sorted(sorted(circle) for circle in found)


def graph_of(folder: Path) -> dict[str, set[str]]:
    modules = {name_of(path): path for path in folder.rglob("*.py")}
    return {name: set(imported(name, path, modules)) - {name} for name, path in modules.items()}


def test_no_module_is_in_an_import_circle() -> None:
    assert circles(graph_of(PACKAGE)) == []


def test_imports_are_found() -> None:
    engine = graph_of(PACKAGE / "engine")
    assert len(engine) > 50
    assert sum(map(len, engine.values())) > 100
    assert "validator.engine.decode.call" in engine["validator.engine.scan.python_loop"], "for types"


def test_circles_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through types, packages and relative imports; a chain is none."""
    texts = {
        "a/__init__.py": "",
        "a/one.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a.two import X\n",
        "a/two.py": "def f():\n    from . import three\n",
        "a/three.py": "import a.one\n",
        "a/four.py": "from a import one, five\n",
        "a/five.py": "import json\n",
        "a/b/__init__.py": "from .six import Y\n",
        "a/b/six.py": "from ..b import Y\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.setattr("tests.project.test_imports.ROOT", tmp_path)
    assert circles(graph_of(tmp_path / "a")) == [["a.b", "a.b.six"], ["a.one", "a.three", "a.two"]]
