"""Skips that CI does not expect fail there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("reason", "ends"),
    [
        ("zsh is not installed", "skipped"),
        ("needs ajv: npm install ajv (where NODE_PATH or a folder above finds it)", "skipped"),
        ("the reference tables (../shared/reference) are absent", "skipped"),
        ("needs duckdb: pip install duckdb", "failed"),
        ("this system has no /dev/full", "failed"),
    ],
)
def test_unexpected_skips_fail(
    reason: str, ends: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("UCLINT_SKIPS", "strict")
    hook = (ROOT / "tests" / "conftest.py").read_text("utf-8")
    start, end = hook.index("MAY_LACK = "), hook.index('@pytest.fixture(scope="session"')
    pytester.makeconftest(f"from __future__ import annotations\nimport os, re, pytest\n{hook[start:end]}")
    pytester.makepyfile(f"import pytest\n\ndef test_a():\n    pytest.skip({reason!r})")
    pytester.runpytest_inprocess("-p", "no:uclint").assert_outcomes(**{ends: 1})
