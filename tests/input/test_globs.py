"""Globs and overlaps in random folders: an output overlaps exactly if it would be read once it is there."""

from __future__ import annotations

import glob
import os
import random
from pathlib import Path

import pytest

from tests.support.command import GOOD, LONG
from validator.input.exclusion import Exclusion
from validator.input.folders import Folders
from validator.input.globs import matches
from validator.input.output_files import Outputs
from validator.input.paths import expand

SEEDS = 1000 if LONG else 100

NAMES = ("a", "b", ".h", "c.nd", "d.nd", "[x]", "report.json")
PARTS = ("*", "**", "a", "b", "?", "*.nd", ".*", "[a-c]*", "[!a]", "[[]x]", ".h", "*.json")


def a_tree(draw: random.Random, top: Path) -> list[str]:
    """Some files, folders and links; returns all folders."""
    folders = ["."]
    for _ in range(draw.randint(0, 12)):
        folder, name = draw.choice(folders), draw.choice(NAMES)
        path = top / folder / name
        if path.is_symlink() or path.exists():
            continue
        kind = draw.random()
        if kind < 0.4:
            path.mkdir()
            folders.append(f"{folder}/{name}")
        elif kind < 0.75:
            path.write_bytes(GOOD)
        elif kind < 0.9:
            path.symlink_to(top / draw.choice(folders) / draw.choice(NAMES))  # to whatever will be there, or nothing
        else:
            path.write_text('{"report_version": 1, "uclint": "0"}')
    return folders


def a_name(draw: random.Random, folders: list[str]) -> str:
    if draw.random() < 0.4:
        return draw.choice([*folders, f"{draw.choice(folders)}/{draw.choice(NAMES)}"])
    return "/".join(draw.choice(PARTS) for _ in range(draw.randint(1, 3))) + draw.choice(["", "", "/"])


@pytest.mark.parametrize("seed", range(SEEDS))
def test_an_output_overlaps_exactly_if_it_would_be_read_once_it_is_there(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    draw = random.Random(seed)
    folders = a_tree(draw, tmp_path)
    names = [a_name(draw, folders) for _ in range(draw.randint(1, 2))]
    exclude = [draw.choice(["a", "*.nd", "b/**", "**/a/*", "./c.nd", "?"])] if draw.random() < 0.4 else []
    for _ in range(4):
        output = f"{draw.choice(folders)}/{draw.choice(NAMES)}"
        real, existed = Path(os.path.realpath(output)), Path(output).exists()
        if real.is_dir() or not real.parent.is_dir() or real.is_symlink():
            continue
        overlaps = expand(names, exclude=exclude, outputs=[output]).overlaps
        if existed:
            kept = real.read_bytes()
        real.write_bytes(GOOD)  # what is there is calls then, whatever it was
        read = {os.path.realpath(path) for path in expand(names, exclude=exclude).paths}
        assert bool(overlaps) == (str(real) in read), (output, names, exclude, overlaps)
        if existed:
            real.write_bytes(kept)
        else:
            real.unlink()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_patterns_match_what_python_matches(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    draw = random.Random(seed)
    a_tree(draw, tmp_path)
    for path in [path for path in tmp_path.rglob("*") if path.is_symlink() and path.is_dir()]:
        path.unlink()  # which Python follows in circles
    for _ in range(8):
        pattern = a_name(draw, ["."])
        # Before 3.13, Python takes a file for what is in it.
        python = glob.glob(pattern, recursive=True)  # noqa: PTH207 - the very function
        want = {os.path.normpath(path) for path in python if not path.endswith("/") or Path(path).is_dir()}
        found = matches(pattern, Folders(Outputs()))
        assert {os.path.normpath(path) for path in found} == want, pattern
        assert found == sorted(found)


def test_links_in_circles_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    for name in ("a/up", "a/again", "b/there", "b/self"):
        (tmp_path / name).symlink_to({"b/there": "../a", "b/self": "."}.get(name, ".."))
    (tmp_path / "a" / "c.nd").write_bytes(GOOD)
    assert {os.path.realpath(path) for path in expand(["**/*.nd"]).paths} == {str(tmp_path / "a" / "c.nd")}


@pytest.mark.parametrize(
    ("patterns", "path", "left_out"),
    [
        (["a"], "x/a", True),
        (["a"], "x/ab", False),
        (["*.gz"], "x/y/z.gz", True),
        (["x/*.gz"], "x/y/z.gz", False),
        (["x/**/*.gz"], "x/y/z.gz", True),
        (["x/**/*.gz"], "x/z.gz", True),
        (["**/z.gz"], "x/y/z.gz", True),
        (["**/" * 30 + "a"], "/".join("b" * 200), False),
        (["./x"], "x", True),
        (["./x"], "y/x", False),
        (["x/"], "x", True),
        (["x/"], "y/x", True),
        (["../*"], "../x", True),
        (["/*/x"], "/up/x", True),
        (["[]]"], "x/]", True),
    ],
)
def test_what_a_glob_leaves_out(patterns: list[str], path: str, left_out: bool) -> None:
    assert Exclusion(patterns).of_entry(path) == left_out
