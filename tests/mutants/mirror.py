"""The tests of a module, by its path."""

from __future__ import annotations

from pathlib import Path

# Tests of random plans and calls, which come to most of the engine.
PROPERTY_TESTS = (
    "tests/engine/test_plan_edges.py",
    "tests/engine/test_own_plans.py",
    "tests/engine/lint/test_lint.py",
    "tests/engine/test_plan_oracle.py",
    "tests/engine/test_oracle.py",
    "tests/engine/count/test_profile.py",
    "tests/service/test_profiles.py",
    "tests/engine/test_stream_oracle.py",
)


def nearest_tests(root: Path, module: str) -> list[str]:
    """The files of tests for a module, the nearest first.

    `validator/engine/scan/exact.py` has those of `tests/engine/scan/`, `test_exact.py` before the others. Where there
    is no such folder, those of the folder above. The property tests follow.
    """
    path = Path(module)
    folder = root / "tests" / Path(*path.parent.parts[1:])
    while not list(folder.glob("test_*.py")) and folder != root / "tests":
        folder = folder.parent
    near = sorted(folder.glob("test_*.py"), key=lambda file: (not file.stem.startswith(f"test_{path.stem}"), file))
    files = [file.relative_to(root).as_posix() for file in near]
    return list(dict.fromkeys([*files, *(name for name in PROPERTY_TESTS if (root / name).is_file())]))
