"""The tests of a module, by its path."""

from __future__ import annotations

from pathlib import Path

# Tests that come to most of the engine: corners of plans, lint rules, random plans and calls.
PROPERTY_TESTS = (
    "tests/engine/test_plan_edges.py",
    "tests/engine/test_own_plans.py",
    "tests/engine/lint/test_lint.py",
    "tests/engine/test_plan_oracle.py",
    "tests/engine/test_oracle.py",
    "tests/engine/test_stream_oracle.py",
)


def nearest_tests(root: Path, module: str) -> tuple[list[str], list[str]]:
    """The files of tests for a module: those that have its name, and others.

    `validator/engine/scan/exact.py` has `test_exact.py` of `tests/engine/scan/`, and the others there. Where there is
    no such folder, those of the folder above. The property tests are among the others.
    """
    path = Path(module)
    folder = root / "tests" / Path(*path.parent.parts[1:])
    while not list(folder.glob("test_*.py")) and folder != root / "tests":
        folder = folder.parent
    near = [file.relative_to(root).as_posix() for file in sorted(folder.glob("test_*.py"))]
    own = [name for name in near if Path(name).stem.startswith(f"test_{path.stem}")]
    among = [name for name in PROPERTY_TESTS if (root / name).is_file()]
    return own, [name for name in dict.fromkeys([*near, *among]) if name not in own]
