"""The pages under docs/ and the README: their blocks are run, and what is generated is made here."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

from tests.support.command import ROOT, command, environment
from validator.rules import RULES
from validator.rules.model import notation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from validator.rules import Rule

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
RULES_PAGE = ROOT / "docs" / "rules.md"

_BLOCK = re.compile(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```\n", re.MULTILINE | re.DOTALL)

_FAMILIES = {
    "UC": "Use cases",
    "TP": "Tracking plans",
    "SP": "The Segment spec",
    "NM": "Names",
    "IN": "Input",
    "PL": "Plan files",
    "PV": "Privacy",
}


_RULES_INTRODUCTION = """\
# Rules

Made from `validator/rules` by `python -m tests.refresh`; do not edit it here. `uclint rule CODE` prints the same.
Codes and names are permanent.

A rule with a * is on only where it is selected; the others are on unless they are ignored.

Examples of events and input are checked with `uclint check -u acquire-paid-subscriptions`; in them, `<x*1000>` stands
for a thousand times `x`. Where the content is no text, it is written as Python writes bytes.
"""


_OURS = re.compile(r"\$ (?:.* \| )?uclint ")


class Page:
    """Runs the blocks of a page, one after another, in a directory with the samples.

    - A `console` block whose first line calls uclint, or pipes something into it: every `$` line is run by bash; what
      follows it is what it prints.
    - A block whose info names a file after its language (`yaml plans/events/x.yaml`) is that file.
    - A `python` block is run; a `text` block right after it is what it prints. They share their names.

    Args:
        directory: An empty directory to run them in.
        more: What else the environment says.
    """

    def __init__(self, directory: Path, more: Mapping[str, str] | None = None) -> None:
        self._directory = directory
        self._more = dict(more or {})
        self._names: dict[str, Any] = {}
        self._printed: str | None = None
        shutil.copytree(ROOT / "samples", directory / "samples", ignore=shutil.ignore_patterns("__pycache__", "*.py"))
        programs = directory.parent / f"{directory.name}-bin"
        programs.mkdir()
        (programs / "uclint").symlink_to(command())
        self._path = f"{programs}{os.pathsep}{os.environ['PATH']}"

    def fresh(self, text: str) -> str:
        """The page with what its blocks print now."""
        parts, end = [], 0
        for block in _BLOCK.finditer(text):
            between = text[end : block.start()]
            if between.strip():
                self._printed = None
            parts += [between, f"```{block['info']}\n", self._block(block["info"], block["text"]), "```\n"]
            end = block.end()
        return "".join([*parts, text[end:]])

    def _block(self, info: str, text: str) -> str:
        language, _, name = info.partition(" ")
        if name:
            path = self._directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif language == "console" and _OURS.match(text):
            return "".join(self._session(text))
        elif language == "python":
            self._printed = self._python(text)
        elif language == "text" and self._printed is not None:
            printed, self._printed = self._printed, None
            return printed
        return text

    def _session(self, text: str) -> Iterator[str]:
        for line in text.splitlines(keepends=True):
            if line.startswith("$ "):
                yield line
                yield self._shell(line[2:])

    def _shell(self, line: str) -> str:
        done = subprocess.run(
            ["bash", "-c", line],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self._directory,
            env=environment({"PATH": self._path, **self._more}),
            timeout=120,
        )
        printed = done.stdout.decode()
        assert "Traceback" not in printed
        return printed if printed.endswith("\n") or not printed else printed + "\n"

    def _python(self, text: str) -> str:
        output = io.StringIO()
        with contextlib.chdir(self._directory), contextlib.redirect_stdout(output):
            exec(compile(text, "<page>", "exec"), self._names)  # noqa: S102 - our own pages
        return output.getvalue()


def rules_page() -> str:
    """docs/rules.md."""
    parts = [_RULES_INTRODUCTION]
    for prefix, family in _FAMILIES.items():
        rules = [rule for code, rule in RULES.items() if code.startswith(prefix)]
        parts.append(f"\n## {family}\n\n| code | name | severity | finds |\n|---|---|---|---|\n")
        parts += [
            f"| [{r.code}](#{_anchor(r)}) | {_name(r)} | {r.severity.value} | {_cell(r.summary)} |\n" for r in rules
        ]
        parts += map(_section, rules)
    return "".join(parts)


def _name(rule: Rule) -> str:
    return rule.name + ("" if rule.on else " *")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _anchor(rule: Rule) -> str:
    return f"{rule.code}-{rule.name}".lower()


def _level(rule: Rule) -> str:
    return rule.severity.value.capitalize() + ("" if rule.on else ", off by default")


def _notation(rule: Rule) -> str:
    return f" ({meaning})" if (meaning := notation(rule.bad)) else ""


def _section(rule: Rule) -> str:
    language = "yaml" if rule.code.startswith("PL") else "json"
    return (
        f"\n### {rule.code} {rule.name}\n\n{rule.summary} ({_level(rule)}.)\n\n"
        f"*Why.* {rule.why}\n\n*Fix.* {rule.fix}\n\n"
        f"Bad{_notation(rule)}:\n\n{_fenced(rule.bad, language)}\nGood:\n\n{_fenced(rule.good, language)}"
    )


def _fenced(example: bytes | str, language: str) -> str:
    if isinstance(example, bytes):
        return f"```python\n{example!r}\n```\n"
    language = "text" if not example.lstrip().startswith(("{", "[", "event", "goal", "#")) else language
    return f"```{language}\n{example}```\n"
