"""No output may be something that the run would read, whatever named it, there already or not."""

from __future__ import annotations

import glob
import json
import os
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.command import GOOD, LONG, SAMPLES, command, environment, uclint
from validator.input.exclusion import Exclusion
from validator.input.folders import Folders
from validator.input.globs import matches
from validator.input.output_files import Outputs
from validator.input.paths import expand

CHECK = ("check", "-u", "acquire-paid-subscriptions", "--no-config")
GUIDE = ("--no-config", "-q")

# What writes -> the words before the inputs, and those before the output. `{}` in a word is the output.
OUTPUTS = {
    "-o": (CHECK, ["-o", "{}"]),
    "--format -o": (CHECK, ["--format", "json", "-o", "{}"]),
    "two -o": (CHECK, ["-o", ".elsewhere.json", "-o", "{}"]),
    "--valid": (CHECK, ["--valid", "{}"]),
    "--invalid": (CHECK, ["--invalid", "{}"]),
    "--rejects": (CHECK, ["--rejects", "{}"]),
    "--violations": (CHECK, ["--violations", "{}"]),
    "--write-profile": (CHECK, ["--write-profile", "{}"]),
    "--write-baseline": (CHECK, ["--write-baseline", "{}"]),
    "recommend -o": (("recommend", *GUIDE), ["-o", "{}"]),
    "checklist -o": (("checklist", *GUIDE, "--env", "dev"), ["-o", "{}"]),
}

# How inputs are named -> what names them, and the output that would be read.
WAYS = {
    "a file": ("logs/a.ndjson", "logs/a.ndjson"),
    "a file by another path": ("logs/a.ndjson", "logs/../logs/./a.ndjson"),
    "an absolute file": ("{cwd}/logs/a.ndjson", "logs/a.ndjson"),
    "a file that is not there": ("logs/new.ndjson", "logs/new.ndjson"),
    "a file, written by a link": ("logs/a.ndjson", "link.ndjson"),
    "a link, written by the file": ("link.ndjson", "logs/a.ndjson"),
    "a file, written by a hard link": ("logs/a.ndjson", "twin.ndjson"),
    "a link to nothing": ("coming.ndjson", "logs/coming.ndjson"),
    "a directory": ("logs", "logs/a.ndjson"),
    "a directory, and a new file": ("logs", "logs/new.ndjson"),
    "a directory, and a new report": ("logs", "logs/report.json"),
    "a directory, and an old report": ("logs", "logs/old.json"),
    "the working directory": (".", "logs/b/c.ndjson"),
    "the working directory, and a new file": (".", "new"),
    "a directory above": ("..", "logs/b/new.ndjson"),
    "a directory by a link": ("via", "logs/b/new.ndjson"),
    "a directory, written by a link to it": ("logs", "via/new.ndjson"),
    "a directory, written by a hard link": ("logs", "twin.ndjson"),
    "a directory, written by a link": ("logs", "link.ndjson"),
    "a directory, written by a link to nothing": ("logs", "coming.ndjson"),
    "a directory, and a compressed file": ("logs", "logs/new.ndjson.gz"),
    "a glob": ("logs/*.ndjson", "logs/a.ndjson"),
    "a glob, and a new file": ("logs/*.ndjson", "logs/new.ndjson"),
    "a glob of directories": ("log?", "logs/b/new.ndjson"),
    "a deep glob": ("**/*.ndjson", "logs/b/c.ndjson"),
    "a deep glob, and a new file": ("**/*.ndjson", "logs/b/new.ndjson"),
    "a glob, written by a link": ("logs/[a-z].ndjson", "link.ndjson"),
    "a glob, written by a hard link": ("logs/*.ndjson", "twin.ndjson"),
    "a name with brackets that is not there": ("new[1].ndjson", "new[1].ndjson"),
}


def prepare(folder: Path) -> Path:
    """A folder with calls, links to them, and an old report among them."""
    here = folder / "here"
    (here / "logs" / "b").mkdir(parents=True)
    for name in ("logs/a.ndjson", "logs/b/c.ndjson", "elsewhere.txt"):
        (here / name).write_bytes(GOOD)
    (here / "logs" / "old.json").write_text('{"report_version": 1, "uclint": "0.1.0"}\n')
    (here / "link.ndjson").symlink_to("logs/a.ndjson")
    (here / "coming.ndjson").symlink_to("logs/coming.ndjson")
    (here / "via").symlink_to("logs")
    os.link(here / "logs" / "a.ndjson", here / "twin.ndjson")
    setup = ("init", "--no-config", "-u", "personalize-first-conversion/acquire-paid-subscriptions")
    if not _setups:
        uclint(*setup, "--by", "me", "--on", "2024-03-01", cwd=here)
        _setups.append((here / "uclint-setup.toml").read_bytes())
    (here / "uclint-setup.toml").write_bytes(_setups[0])
    return here


_setups: list[bytes] = []


def contents(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def words_of(output: list[str], path: str) -> list[str]:
    return [word.replace("{}", path) for word in output]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("option", OUTPUTS)
def test_an_output_that_would_be_read_is_refused(option: str, way: str, tmp_path: Path) -> None:
    here = prepare(tmp_path)
    (before, output), (named, path) = OUTPUTS[option], WAYS[way]
    was = contents(here)
    done = uclint(*before, named.replace("{cwd}", str(here)), *words_of(output, path), cwd=here)
    assert (done.returncode, done.stdout) == (2, b""), done.stderr
    assert b"cannot be written as well" in done.stderr
    assert path.encode() in done.stderr
    assert contents(here) == was


@pytest.mark.parametrize("option", OUTPUTS)
def test_a_redirected_input_is_not_written_over(option: str, tmp_path: Path) -> None:
    here = prepare(tmp_path)
    before, output = OUTPUTS[option]
    was = contents(here)
    for path in ("logs/a.ndjson", "link.ndjson", "twin.ndjson"):
        with (here / "logs" / "a.ndjson").open("rb") as stdin:
            words = [command(), *before, "-", *words_of(output, path)]
            done = subprocess.run(words, check=False, stdin=stdin, capture_output=True, cwd=here, env=environment())
        assert (done.returncode, done.stdout) == (2, b"")
        assert f"{path} is read and cannot be written as well (it is standard input)".encode() in done.stderr
        assert contents(here) == was


@pytest.mark.parametrize("words", [CHECK, (*CHECK, "--valid", "-"), ("recommend", *GUIDE)], ids=" ".join)
@pytest.mark.parametrize("named", ["logs", "logs/*.ndjson", "logs/out.ndjson"])
def test_standard_output_is_not_read(words: tuple[str, ...], named: str, tmp_path: Path) -> None:
    """Else lines that are written are read again, and there is no end."""
    here = prepare(tmp_path)
    with (here / "logs" / "out.ndjson").open("ab") as stdout:
        everything = [command(), *words, named]
        done = subprocess.run(
            everything, check=False, stdout=stdout, stderr=-1, cwd=here, env=environment(), timeout=60
        )
    assert done.returncode == 2
    assert b"the file that standard output goes to" in done.stderr
    assert (here / "logs" / "out.ndjson").read_bytes() == b""


@pytest.mark.parametrize("option", OUTPUTS)
@pytest.mark.parametrize(
    ("named", "path", "exclude"),
    [
        ("logs", "logs/new.ndjson", "new.ndjson"),
        ("logs", "logs/new.ndjson", "n*"),
        ("logs", "logs/new.ndjson", "logs/new.ndjson"),
        ("logs", "logs/new.ndjson", "./logs/*w.ndjson"),
        ("logs", "logs/b/new.ndjson", "b"),
        ("logs", "logs/b/new.ndjson", "logs/**/new.ndjson"),
        ("logs/**", "logs/b/new.ndjson", "logs/b/"),
        ("logs/*", "logs/old.json", "{cwd}/logs/old.json"),
        ("logs/a.ndjson", "logs/new.ndjson", None),
        ("logs/*.ndjson", "logs/new.txt", None),
        ("logs", "logs/.hidden", None),
        ("logs/b", "logs/new.ndjson", None),
    ],
)
def test_what_is_left_out_or_elsewhere_can_be_written(
    option: str, named: str, path: str, exclude: str | None, tmp_path: Path
) -> None:
    here = prepare(tmp_path)
    before, output = OUTPUTS[option]
    excluding = [] if exclude is None else ["--exclude", exclude.replace("{cwd}", str(here))]
    done = uclint(*before, named, *excluding, *words_of(output, path), cwd=here)
    assert done.returncode in (0, 1), done.stderr
    assert (here / path).exists()


def test_the_message_says_what_to_do(tmp_path: Path) -> None:
    here = prepare(tmp_path)
    for path in ("logs/new.ndjson", "logs/a b[1].ndjson"):
        done = uclint(*CHECK, "logs", "--valid", path, cwd=here)
        assert done.returncode == 2
        assert f"{path} is among the inputs (from logs) and cannot".encode() in done.stderr
        (advised,) = re.findall(r"--exclude (\S+|'.*')\n", done.stderr.decode())
        again = uclint(*CHECK, "logs", "--valid", path, "--exclude", advised.strip("'"), cwd=here)
        assert (again.returncode, (here / path).read_bytes()) == (0, GOOD * 2)
        (here / path).unlink()


def test_the_configuration_excludes_too(tmp_path: Path) -> None:
    here = prepare(tmp_path)
    (here / "uclint.toml").write_text(
        'use-cases = ["acquire-paid-subscriptions"]\ninputs = ["."]\n[outputs]\njson = "out/report.json"\n'
    )
    (here / "out").mkdir()
    refused = uclint("check", cwd=here)
    assert refused.returncode == 2
    assert b"out/report.json is among the inputs (from .)" in refused.stderr
    text = (here / "uclint.toml").read_text()
    (here / "uclint.toml").write_text('exclude = ["out/**", "*.toml", "coming*", "elsewhere.txt"]\n' + text)
    for folder in (here, here / "logs"):
        done = uclint("check", cwd=folder)
        assert done.returncode == 0, done.stderr
    read = [i["path"] for i in json.loads((here / "out" / "report.json").read_text())["inputs"]]
    assert read == ["../link.ndjson", "../twin.ndjson", "../logs/b/c.ndjson"]
    done = uclint("check", "--exclude", "b", cwd=here)  # which adds to what the file excludes
    assert done.returncode == 0, done.stderr
    read = [i["path"] for i in json.loads((here / "out" / "report.json").read_text())["inputs"]]
    assert read == ["link.ndjson", "twin.ndjson"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["logs/a.ndjson", "--exclude", "a.ndjson"], b"logs/a.ndjson: excluded, and not read"),
        (["logs", "--exclude", "logs"], b"logs: excluded, and not read"),
        (["logs/b", "--exclude", "c*"], b"logs/b: excluded, and not read"),
        (["logs/*.ndjson", "--exclude", "*.ndjson"], b"logs/*.ndjson: excluded, and not read"),
    ],
)
def test_what_is_excluded_as_a_whole_is_said(words: list[str], said: bytes, tmp_path: Path) -> None:
    done = uclint(*CHECK, *words, cwd=prepare(tmp_path))
    assert done.returncode == 3
    assert said in done.stderr


PLANS = SAMPLES / "plans" / "shop.json"


@pytest.mark.parametrize(
    "words",
    [
        ["check", "a.ndjson", "--plan", "plans", "-o", "plans/shop.json"],
        ["check", "a.ndjson", "--plan", "plans", "--valid", "plans/new.yaml"],
        ["check", "a.ndjson", "--plan", "plan.json", "--violations", "link.json"],
        ["check", "a.ndjson", "--plan", "plan.json", "--write-profile", "twin.json"],
        ["check", "a.ndjson", "--catalog", "catalog", "-o", "catalog/events/new.yaml"],
        ["check", "a.ndjson", "--catalog", "catalog", "--rejects", "catalog/goals/new.yml"],
        ["check", "a.ndjson", "-o", "uclint.toml"],
        ["check", "a.ndjson", "--config", "other.toml", "--rejects", "other.toml"],
        ["check", "a.ndjson", "--baseline", "known.json", "--valid", "known.json"],
        ["recommend", "a.ndjson", "-o", "uclint.toml"],
        ["recommend", "a.ndjson", "--catalog", "catalog", "-o", "catalog/events/new.yaml"],
        ["checklist", "-o", "uclint.toml"],
        ["checklist", "-o", "uclint-setup.toml"],
        ["generate", "acquire-paid-subscriptions", "-o", "uclint.toml"],
        ["generate", "acquire-paid-subscriptions", "--catalog", "catalog", "-o", "catalog/events/new.yaml"],
        ["compile", "acquire-paid-subscriptions", "-o", "uclint.toml"],
        ["compile", "--explain", "--plan", "plan.json", "-o", "plan.json"],
        ["compile", "--explain", "--plan", "plans", "-o", "plans/new.json"],
        ["convert", "plan.json", "--to", "avo", "-o", "plan.json"],
        ["convert", "plan.json", "--to", "avo", "-o", "twin.json"],
        ["convert", "plans", "--to", "avo", "-o", "plans/new.json"],
        ["convert", "plans", "--to", "typewriter", "-o", "plans/shop.json"],
        ["plan", "diff", "plan.json", "plans", "-o", "plan.json"],
        ["plan", "diff", "plan.json", "plans", "-o", "plans/new.json"],
        ["plan", "lint", "plan.json", "-o", "link.json"],
        ["plan", "lint", "plan.json", "-o", "uclint.toml"],
    ],
    ids=" ".join,
)
def test_what_is_read_besides_calls_is_not_written_over(words: list[str], tmp_path: Path) -> None:
    here = prepare(tmp_path)
    (here / "a.ndjson").write_bytes(GOOD)
    (here / "plans").mkdir()
    for name in ("plan.json", "plans/shop.json"):
        (here / name).write_bytes(PLANS.read_bytes())
    (here / "link.json").symlink_to("plan.json")
    os.link(here / "plan.json", here / "twin.json")
    for name in ("uclint.toml", "other.toml"):
        (here / name).write_text("")
    (here / "known.json").write_text('{"baseline_version": 1, "findings": []}\n')
    shutil.copytree(SAMPLES.parent / "plans", here / "catalog")
    was = contents(here)
    done = uclint(*words, cwd=here)
    assert (done.returncode, done.stdout) == (2, b""), done.stderr
    assert re.search(rb"cannot be written as well|which are read", done.stderr)
    assert contents(here) == was


@pytest.mark.parametrize(
    "words",
    [
        ["check", "a.ndjson", "--catalog", ".", "-o", "report.json"],
        ["check", "a.ndjson", "--plan", "shop", "-o", "shop/report.html"],
        ["convert", "shop", "--to", "avo", "-o", "avo.json"],
        ["checklist", ".", "--env", "dev", "--exclude", "*.yaml"],
    ],
    ids=" ".join,
)
def test_what_only_lies_near_can_be_written(words: list[str], tmp_path: Path) -> None:
    shutil.copytree(SAMPLES.parent / "plans", tmp_path, dirs_exist_ok=True)
    (tmp_path / "uclint-setup.toml").write_bytes((prepare(tmp_path / "x") / "uclint-setup.toml").read_bytes())
    shutil.rmtree(tmp_path / "x")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "shop.json").write_bytes(PLANS.read_bytes())
    (tmp_path / "a.ndjson").write_bytes(GOOD)
    done = uclint(*words, cwd=tmp_path)
    assert done.returncode in (0, 1), done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--valid", "x", "--invalid", "x"], "two outputs would go to x"),
        (["--valid", "x", "--invalid", "./x"], "two outputs would go to ./x"),
        (["--valid", "old", "--rejects", "link"], "two outputs would go to link"),
        (["--valid", "old", "--rejects", "twin"], "two outputs would go to twin"),
        (["--valid", "x", "--violations", "via/x"], "two outputs would go to via/x"),
        (["-o", "x", "--write-baseline", "nothing"], "two outputs would go to nothing"),
        (["--write-profile", "x", "--write-baseline", "x"], "two outputs would go to x"),
        (["--valid", "-", "--invalid", "-"], "two outputs would go to standard output"),
        (["--valid", "-", "--invalid", "/dev/stdout"], "two outputs would go to /dev/stdout"),
    ],
)
def test_no_two_outputs_are_one_file(words: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    (tmp_path / "link").symlink_to("old")
    (tmp_path / "nothing").symlink_to("x")
    (tmp_path / "via").symlink_to(".")
    os.link(tmp_path / "old", tmp_path / "twin")
    was = contents(tmp_path)
    done = uclint(*CHECK, "-", *words, stdin=GOOD, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said.encode() in done.stderr
    assert contents(tmp_path) == was


def test_standard_output_and_a_file_are_not_one(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_bytes(GOOD)
    with (tmp_path / "out").open("ab") as stdout:
        words = [command(), *CHECK, "a.ndjson", "--valid", "out"]
        done = subprocess.run(words, check=False, stdout=stdout, stderr=-1, cwd=tmp_path, env=environment())
    assert done.returncode == 2
    assert b"two outputs would go to out" in done.stderr


# ------------------------------------------------------------------------------------------- against what really is so

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
