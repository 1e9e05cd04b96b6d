"""What differs between a report and the independent count."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


SHARED = Path(__file__).resolve().parents[3] / "shared"
REFERENCE = SHARED / "reference"
CODES = ("UC101", "UC102", "TP202", "NM401")


# ---------------------------------------------------------------------------------- a report against a count


def numbers(where: str, got: dict[str, Any], want: dict[str, Any]) -> Iterator[str]:
    for key in sorted(set(got) | set(want)):
        if got.get(key) != want.get(key):
            yield f"{where}.{key} is {got.get(key)}, not {want.get(key)}"


def index(where: str, rows: list[dict[str, Any]], *keys: str) -> dict[str, dict[str, Any]]:
    """The rows by name. A row that stands twice gets a name of its own, so it comes out as a difference."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        name = "/".join(row[key] for key in keys)
        found[f"{name} (again, in {where})" if name in found else name] = row
    return found


def names(where: str, got: dict[str, Any], want: dict[str, Any]) -> Iterator[str]:
    yield from (f"{where}: {name} is not in the report" for name in sorted(set(want) - set(got)))
    yield from (f"{where}: {name} is only in the report" for name in sorted(set(got) - set(want)))


def use_case_differences(key: str, got: dict[str, Any], want: dict[str, Any]) -> Iterator[str]:
    if abs(got["coverage"] - want["coverage"]) > 1e-12:
        yield f"coverage of {key} is {got['coverage']}, not {want['coverage']}"
    if sorted(got["missing_events"]) != sorted(want["missing_events"]):
        yield f"missing events of {key} are {got['missing_events']}, not {want['missing_events']}"
    events = index(key, got["events"], "event")
    yield from names(key, events, want["events"])
    for event in events.keys() & want["events"].keys():
        where, expected = f"{key}: {event}", want["events"][event]
        if events[event]["calls"] != expected["calls"]:
            yield f"{where} has {events[event]['calls']} calls, not {expected['calls']}"
        props = index(where, events[event]["properties"], "property")
        yield from names(where, props, expected["properties"])
        for prop in props.keys() & expected["properties"].keys():
            counts = {k: v for k, v in props[prop].items() if k in ("present", "missing", "invalid")}
            yield from numbers(f"{where}.{prop}", counts, expected["properties"][prop])


def finding_differences(report: dict[str, Any], want: dict[tuple[str, str, str | None], Any]) -> Iterator[str]:
    sums: dict[tuple[str, str, str | None], int] = {}
    severities: dict[tuple[str, str, str | None], set[str]] = {}
    for finding in report["findings"]:
        if finding["code"] in CODES:
            key = (finding["code"], finding["event"], finding.get("property"))
            sums[key] = sums.get(key, 0) + finding["count"]
            severities.setdefault(key, set()).add(finding["severity"])
    for key in sorted(set(sums) | set(want), key=repr):
        if key not in sums:
            yield f"no finding {key} (count {want[key]['count']})"
        elif key not in want:
            yield f"an unwanted finding {key} (count {sums[key]})"
        else:
            if sums[key] != want[key]["count"]:
                yield f"finding {key} counts {sums[key]}, not {want[key]['count']}"
            stated = want[key]["severity"]
            if severities[key] != {stated} if stated else "error" in severities[key]:
                yield f"finding {key} is {sorted(severities[key])}, not {stated or 'below error'}"


def compare(report: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """Every way the report differs from the count; an empty list is agreement."""
    differences = list(numbers("lines", report["lines"], expected["lines"]))
    got, want = dict(report["calls"]), dict(expected["calls"])
    types, expected_types = got.pop("by_type"), want.pop("by_type")
    differences += numbers("calls", got, want)
    differences += numbers("by_type", {**dict.fromkeys(expected_types, 0), **types}, expected_types)
    use_cases = index("use_cases", report["use_cases"], "goal", "use_case")
    differences += names("use cases", use_cases, expected["use_cases"])
    for key in sorted(use_cases.keys() & expected["use_cases"].keys()):
        differences += use_case_differences(key, use_cases[key], expected["use_cases"][key])
    differences += finding_differences(report, expected["findings"])
    return differences
