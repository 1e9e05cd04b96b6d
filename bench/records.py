"""Dated records of runs, and the tables that the docs show of them."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.chart import Bar, bars
from bench.contestants import CONTESTANTS, RULER
from bench.ratio_table import table as ratio_table
from bench.ratio_table import ways_table
from bench.tools import HERE, output_of, version_of
from validator import __version__
from validator.native import status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

VERSION = 1
RUNS = HERE / "runs"
DOCS = HERE.parent / "docs" / "performance.md"
CHART = "speed.svg"
"""The chart beside the docs: the newest run over traffic."""

# The order in which files of different kinds are shown; `own` is a file of one's own.
SORTS = ("traffic", "flawed", "optional", "hard", "plain", "own")

BEGIN = "<!-- begin of the table: written by `python -m bench --docs` -->"
END = "<!-- end of the table -->"
RATIOS_BEGIN = "<!-- begin of the ratios: written by `python -m bench ratios --record --docs` -->"
RATIOS_END = "<!-- end of the ratios -->"
WAYS_BEGIN = "<!-- begin of the ways: written by `python -m bench ways --record --docs` -->"
WAYS_END = "<!-- end of the ways -->"


def facts() -> dict[str, Any]:
    """When, on what machine and with which versions."""
    needs = {need.name: need for contestant in CONTESTANTS for need in contestant.needs}
    versions = {"msgspec": _version("msgspec"), **{name: version_of(need) for name, need in needs.items()}}
    commit = output_of(["git", "-C", str(HERE), "rev-parse", "--short", "HEAD"])
    dirty = bool(output_of(["git", "-C", str(HERE), "status", "--porcelain", "--", "../validator"]))
    return {
        "bench": VERSION,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "uclint": __version__,
        "native": status().reason if status().module else None,
        "commit": f"{commit}{' and changes' if dirty else ''}" if commit else None,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "machine": {
            "cpu": cpu_model(),
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            "memory_gb": _memory_gb(),
            "system": f"{platform.system()} {platform.release()}",
            "load_before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        },
        "versions": versions,
    }


def _version(distribution: str) -> str:
    from importlib.metadata import version  # noqa: PLC0415

    return version(distribution)


def cpu_model() -> str:
    """The name of the CPU."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    found = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    name = found.get("model name", platform.machine())
    numbers = [f"{word} {found[key]}" for word, key in (("family", "cpu family"), ("model", "model")) if key in found]
    return f"{name} ({', '.join(numbers)})" if numbers else name


def _memory_gb() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (ValueError, OSError):
        return None


def keep(record: Mapping[str, Any], name: str, folder: Path) -> Path:
    """Writes a record; one of the same day and name is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{record['when'][:10]}-{name}.json"
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def newest(folder: Path, kind: str) -> list[dict[str, Any]]:
    """The records of a kind, the newest first."""
    found = [json.loads(path.read_bytes()) for path in folder.glob("*.json")]
    return sorted((r for r in found if r.get("kind") == kind), key=lambda r: str(r["when"]), reverse=True)


def table(record: Mapping[str, Any]) -> str:
    """A record's results as text."""
    lines = [_heading(record), ""]
    rows = [["", "calls/s", "MB/s", "x orjson", "start s", "peak MB", "cannot"], *_rows(record["results"])]
    widths = [max(len(row[i]) for row in rows) for i in range(6)]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(row[i].rjust(widths[i]) for i in range(1, 6)), row[6]]
        lines.append("  ".join(cells).rstrip())
    lines += ["", *_notes(record)]
    return "\n".join(lines)


def markdown(record: Mapping[str, Any]) -> str:
    """A record's results as a table for the docs."""
    rows = ["| contestant | calls/s | MB/s | x `orjson.loads` | peak MB | cannot |", "|---|--:|--:|--:|--:|---|"]
    for name, calls, speed, times, _, peak, cannot in _rows(record["results"]):
        rows.append(f"| {name} | {calls} | {speed} | {times} | {peak} | {cannot or 'nothing of this job'} |")
    return "\n".join([_heading(record), "", *rows, "", *(f"{note}  " for note in _notes(record))])


def write_docs(folder: Path, docs: Path) -> None:
    """Puts the newest ratios, and the newest record of each sort of file, between their marks.

    Raises:
        SystemExit: The marks are not there.
    """
    shown: dict[str, str] = {}
    for record in newest(folder, "contest"):
        shown.setdefault(str(record["file"]["sort"]), markdown(record))
    tables = [shown[sort] for sort in sorted(shown, key=SORTS.index)]
    ratios = [ratio_table(record) for record in newest(folder, "ratios")[:1]]
    ways = [ways_table(record) for record in newest(folder, "ways")[:1]]
    text = docs.read_text(encoding="utf-8")
    marked = ((RATIOS_BEGIN, RATIOS_END, ratios), (WAYS_BEGIN, WAYS_END, ways), (BEGIN, END, tables))
    for begin, end, content in marked:
        head, begun, rest = text.partition(begin)
        _, ended, tail = rest.partition(end)
        if not (begun and ended):
            raise SystemExit(f"{docs} lacks the marks of a table: {begin} and {end}")
        joined = "\n\n".join(content)
        text = f"{head}{begin}\n\n{joined or 'No record yet.'}\n\n{end}{tail}"
    docs.write_text(text, encoding="utf-8")
    for record in newest(folder, "contest"):
        if record["file"]["sort"] == "traffic":
            docs.with_name(CHART).write_text(chart(record), encoding="utf-8")
            break


def chart(record: Mapping[str, Any]) -> str:
    """A record's results as bars, the fastest first."""
    rows = [
        Bar(result["name"], result["mb_per_second"], result["name"].startswith("uclint"), _lacks(result))
        for result in sorted(record["results"], key=lambda result: -result["mb_per_second"])
    ]
    return bars("Traffic checked by a tracking plan of 40 events", "MB/s", rows, _heading(record).split("; "))


def _lacks(result: Mapping[str, Any]) -> str:
    """What a contestant counts less than violations, in a few words."""
    return {"nothing": "parses only", "presence": "presence only", "invalid calls": "first error only"}.get(
        result["counts"], ""
    )


def _heading(record: Mapping[str, Any]) -> str:
    file, machine = record["file"], record["machine"]
    plans = "its own plan" if record["plans"] == "own" else f"{record['plans']} plans"
    return (
        f"{record['when'][:10]}, uclint {record['uclint']} ({record['commit'] or 'no commit'}): "
        f"{file['size'] / 1e6:,.0f} MB, {file['calls']:,} calls, {file['sort']} file, {plans}, "
        f"least of {record['rounds']} rounds; {machine['cpu']}, {machine['cores']} cores, {record['python']}."
    )


def _rows(results: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    ordered = sorted(results, key=lambda r: float(r["mb_per_second"]), reverse=True)
    return [
        [
            f"{r['name']}{'' if r['slice'] is None else ' †'}",
            f"{r['calls_per_second']:,.0f}",
            f"{r['mb_per_second']:,.0f}" if r["mb_per_second"] >= 10 else f"{r['mb_per_second']:.1f}",
            "" if r["times_orjson"] is None else f"{r['times_orjson']:.2f}",
            f"{r['start']:.2f}",
            f"{r['peak_mb']:,.0f}",
            str(r["cannot"]),
        ]
        for r in ordered
    ]


def _notes(record: Mapping[str, Any]) -> list[str]:
    sliced: Sequence[Mapping[str, Any]] = [r for r in record["results"] if r["slice"] is not None]
    notes = [f"Peak is the memory (RSS) of the largest process of the tree. 1.00 is {RULER}."]
    machine = record["machine"]
    if (machine["load_before"] or 0) > machine["cores"] / 2:
        notes.append(f"The machine was busy (load {machine['load_before']}): do not compare these with other runs.")
    if sliced:
        sizes = ", ".join(f"{r['name']} {r['slice'] / 1e6:.0f} MB" for r in sliced)
        notes.append(f"† measured on the beginning of the file: {sizes}.")
    notes += [f"Skipped: {s['name']} ({s['why']})." for s in record["skipped"]]
    return notes
