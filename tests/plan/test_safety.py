"""Plans that mean harm: each is refused with a diagnostic, in bounded time and memory, and opens nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.support.command import ROOT, environment, uclint
from validator.errors import PlanError
from validator.plan import read_plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CASES = yaml.safe_load((ROOT / "tests" / "plan" / "cases" / "hostile.yaml").read_text("utf-8"))

_DEEP = 100_000
_RULE = '{"type":"TRACK","key":"%s","jsonSchema":%s}'


def _segment(schema: str) -> str:
    return '{"name":"x","rules":[' + _RULE % ("A", schema) + "]}"


def _laughs() -> str:
    lines = ["uclint: 1", "plan: x", "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 40)]
    return "\n".join([*lines, "events: *a39", ""])


def _merges() -> str:
    lines = ["uclint: 1", "m0: &m0 {" + ", ".join(f"k{i}: 1" for i in range(500)) + "}"]
    lines += [f"m{i}: &m{i}\n  <<: [{', '.join([f'*m{i - 1}'] * 9)}]" for i in range(1, 20)]
    return "\n".join([*lines, "events: []", ""])


def _libraries() -> str:
    inner = "\n".join(f"  p{i}: {{properties: {{a: {{use: l.p{i + 1}}}, b: {{use: l.p{i + 1}}}}}}}" for i in range(60))
    return f"uclint: 1\nlibrary: l\nproperties:\n{inner}\n  p60: {{type: string}}\n"


# What is too long to be written out; each is refused.
MADE: dict[str, Callable[[], str | dict[str, str]]] = {
    "a billion laughs": _laughs,
    "merges of merges": _merges,
    "deep YAML lists": lambda: "a: " + "[" * _DEEP,
    "deep YAML mappings": lambda: "\n".join(" " * i + "a:" for i in range(2_000)),
    "YAML that is all dashes": lambda: "- " * _DEEP,
    "YAML that is all question marks": lambda: "? " * _DEEP,
    "a huge YAML list": lambda: "- a\n" * 500_000,
    "a huge YAML flow list": lambda: "[" + "a," * 900_000 + "a]",
    "many YAML anchors": lambda: "".join(f"a{i}: &b{i} x\n" for i in range(100_000)),
    "deep JSON lists": lambda: "[" * _DEEP + "]" * _DEEP,
    "deep JSON objects": lambda: '{"rules":' * 900 + "1" + "}" * 900,
    "a huge JSON list": lambda: "[" + "[]," * 2_000_000 + "[]]",
    "a huge JSON text": lambda: '{"rules":[],"x":"' + "x" * 20_000_000 + '"}',
    "a number of a million digits": lambda: '{"rules":[' + "9" * 1_000_000 + "]}",
    "many keys that stand twice": lambda: "{" + '"a":1,' * 70_000 + '"a":1}',
    "many types that are none": lambda: _segment(
        '{"properties":{"properties":{"properties":{'
        + ",".join(f'"p{i}":{{"type":"sting"}}' for i in range(40_000))
        + "}}}}"
    ),
    "types that are none, very deep": lambda: _segment('{"not":' * 55 + '{"type":"sting"}' * 1 + "}" * 55),
    "many refs beside a long base": lambda: _segment(
        '{"$id":"http://x/' + "y" * 2_000_000 + '","allOf":[' + ",".join(['{"$ref":"z"}'] * 40_000) + "]}"
    ),
    "a CSV of many columns": lambda: "Event Name," + "a," * 3_000_000 + "\nX\n",
    "a CSV of many rows": lambda: "Event Name,Property Name\n" + "A,b\n" * 300_000,
    "a CSV with a deep property": lambda: "Event Name,Property Name\nA," + "a." * 50_000 + "a\n",
    "a CSV with an open quote": lambda: "Event Name,Property Name\n" + 'A,"' + "b,\n" * 100_000,
    "a path of a property that is too deep": lambda: (
        "uclint: 1\nevents:\n- event: A\n  properties:\n    " + "a[]." * 10_000 + "b: {}\n"
    ),
    "libraries that use each other": lambda: {
        "plan.yaml": "uclint: 1\nplan: x\nevents:\n- event: A\n  properties: {a: {use: l.p0}}\n",
        "library.yaml": _libraries(),
    },
    "libraries that use themselves": lambda: {
        "plan.yaml": "uclint: 1\nplan: x\nevents:\n- event: A\n  properties: {a: {use: l.p}}\n",
        "library.yaml": "uclint: 1\nlibrary: l\nproperties:\n  p: {items: {use: l.p}, properties: {a: {use: l.p}}}\n",
    },
}

# The limit of processor time only ends what would never end; it is far above what is needed.
_MEASURE = """
import pathlib, re, resource, sys
from validator.errors import PlanError
from validator.plan.read import read_plan
resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
try:
    read_plan(sys.argv[1])
except PlanError as error:
    print(*sorted({d.code for d in error.diagnostics}))
status = pathlib.Path("/proc/self/status")
# Linux hands the peak of the process that starts another on to it as ru_maxrss; VmHWM is its own.
peak = int(re.search(r"VmHWM:\\s*(\\d+)", status.read_text())[1]) if status.exists() else None
print((peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024)
"""

# Prints what is opened, and what is asked of the network, from when the plan is read.
_WATCH = """
import sys
from validator.errors import PlanError
from validator.plan.read import read_plan
from validator.plan.formats import FORMATS, format_named
import encodings.utf_8_sig, urllib.parse, validator.syntax.yaml_document
for name in FORMATS:
    format_named(name)
seen = []
sys.addaudithook(lambda event, args: seen.append(args[0]) if event.startswith(("open", "socket")) else None)
try:
    read_plan(sys.argv[1])
except PlanError as error:
    print(str(error).split("\\n")[0])
print(*map(str, seen), sep="\\n")
"""


def write(content: str | dict[str, str], folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    if isinstance(content, str):
        path = folder / "plan"
        path.write_bytes(content.encode())
        return path
    for name, text in content.items():
        (folder / name).write_bytes(text.encode())
    return folder


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_what_is_made_to_harm_is_refused_in_bounds(make: Callable[[], str | dict[str, str]], tmp_path: Path) -> None:
    path = write(make(), tmp_path / "plans")
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env=environment(measured=False),
        timeout=60,
    )
    codes, megabytes = done.stdout.splitlines()
    assert codes.startswith("PL6")
    assert float(megabytes) < 200


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_hostile_plan_is_refused_by_name(case: dict[str, str], tmp_path: Path) -> None:
    path = write(case["plan"], tmp_path / "plans")
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    assert [d.code for d in caught.value.diagnostics] == [case["code"]]
    assert case["says"] in caught.value.diagnostics[0].message
    assert caught.value.diagnostics[0].help


def test_the_command_ends_with_2_and_says_why(tmp_path: Path) -> None:
    path = write(_laughs(), tmp_path / "plans")
    done = uclint("convert", path, "--to", "segment")
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"PL612" in done.stderr


def test_links_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('{"name": "secret", "rules": []}', "utf-8")
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "plan.json").symlink_to(secret)
    (folder / "up").symlink_to(tmp_path)
    with pytest.raises(PlanError, match="PL610 the folder has no file of a tracking plan"):
        read_plan(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_pipes_and_devices_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "plan.json")
    for path in (tmp_path / "plan.json", tmp_path, os.devnull, "/dev/zero"):
        with pytest.raises(PlanError, match=r"not a regular file|has no file"):
            read_plan(path)


def test_a_link_to_nothing_is_reported_as_one(tmp_path: Path) -> None:
    (tmp_path / "plan.json").symlink_to("nowhere.json")
    with pytest.raises(
        PlanError, match=r"PL610 a link to a file that is not there\n +help: fix the link, or remove it"
    ):
        read_plan(tmp_path / "plan.json")


def test_harmless_anchors_are_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(
        "uclint: 1\nplan: Shop\nevents:\n"
        "- event: A\n  properties: &shared {id: &text {type: string}, name: *text}\n"
        "- event: B\n  properties: {<<: *shared, name: {type: integer}}\n",
        "utf-8",
    )
    first, second = (rule.schema["properties"]["properties"]["properties"] for rule in read_plan(path).plan.rules)
    assert first == {"id": {"type": "string"}, "name": {"type": "string"}}
    assert second == {"id": {"type": "string"}, "name": {"type": "integer"}}


@pytest.mark.parametrize("ref", ["other.json", "file:///etc/passwd", "http://127.0.0.1:1/x", "//x/y", "other.json#/a"])
def test_a_ref_opens_nothing(ref: str, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"type": "string"}', "utf-8")
    path = tmp_path / "plan.json"
    path.write_text(_segment(json.dumps({"properties": {"properties": {"$ref": ref}}})), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _WATCH, str(path)], capture_output=True, text=True, check=True, env=environment()
    )
    first_line, *opened = done.stdout.splitlines()
    assert re.search("PL613 the `.ref` .* points out of the plan", first_line)
    assert opened == [str(path)]
