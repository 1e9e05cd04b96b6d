"""No output may be something that the run would read, whatever named it, there already or not."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.command import GOOD, command, environment, uclint
from tests.support.overlaps import CHECK, contents, prepare

if TYPE_CHECKING:
    from pathlib import Path

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
    ("words", "message"),
    [
        (["logs/a.ndjson", "--exclude", "a.ndjson"], b"logs/a.ndjson: excluded, and not read"),
        (["logs", "--exclude", "logs"], b"logs: excluded, and not read"),
        (["logs/b", "--exclude", "c*"], b"logs/b: excluded, and not read"),
        (["logs/*.ndjson", "--exclude", "*.ndjson"], b"logs/*.ndjson: excluded, and not read"),
    ],
)
def test_what_is_excluded_as_a_whole_is_reported(words: list[str], message: bytes, tmp_path: Path) -> None:
    done = uclint(*CHECK, *words, cwd=prepare(tmp_path))
    assert done.returncode == 3
    assert message in done.stderr
