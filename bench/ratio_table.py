"""The table of a run of `python -m bench ratios`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def table(record: Mapping[str, Any]) -> str:
    """A record as text, in Markdown."""
    machine = record["machine"]
    head = (
        f"{record['when'][:10]}, uclint {record['uclint']} ({record['commit'] or 'no commit'}): "
        f"{record['size'] / 1e6:,.0f} MB each, median of {record['rounds']} interleaved rounds, one core; "
        f"{machine['cpu']}, {record['python']}."
    )
    if (machine["load_before"] or 0) > machine["cores"] / 2:
        head += f"\nThe machine was busy (load {machine['load_before']}): do not compare these with other runs."
    return "\n".join([head, "", *_cases(record), *_relations(record), *_corners(record)]).strip()


def _cases(record: Mapping[str, Any]) -> list[str]:
    shown = [c for c in record["cases"] if c["goal"]]
    rows = []
    if shown:
        rows = [
            "| x `orjson.loads` alone | " + " | ".join(c["name"] for c in shown) + " |",
            "|---|" + "--:|" * len(shown),
            "| measured | " + " | ".join(f"{c['ratio']:.2f}" for c in shown) + " |",
            "| aimed at | " + " | ".join(f"{c['goal']:g}" for c in shown) + " |",
            *_pure(shown),
            "| MB/s | " + " | ".join(_speed(c["mb_per_second"]) for c in shown) + " |",
            "| `orjson.loads`, MB/s | " + " | ".join(_speed(c["orjson_mb_per_second"]) for c in shown) + " |",
            "| calls/s | " + " | ".join(f"{c['lines_per_second']:,}" for c in shown) + " |",
        ]
    more = [c for c in record["cases"] if not c["goal"]]
    if more:
        rows += ["", "| further | x `orjson.loads` | MB/s |", "|---|--:|--:|"]
        rows += [f"| {c['name']} | {c['ratio']:.2f} | {_speed(c['mb_per_second'])} |" for c in more]
    return rows


def _pure(shown: Sequence[Mapping[str, Any]]) -> list[str]:
    """The rows without the native core, where it was measured beside it."""
    if not all(c.get("pure_ratio") for c in shown):
        return []
    return [
        "| in pure Python | " + " | ".join(f"{c['pure_ratio']:.2f}" for c in shown) + " |",
        "| aimed at | " + " | ".join(f"{c['pure_goal']:g}" for c in shown) + " |",
    ]


def _relations(record: Mapping[str, Any]) -> list[str]:
    if not record["relations"]:
        return []
    rows = ["", "| time of | measured | at most |", "|---|--:|--:|"]
    return rows + [f"| {r['name']} | {r['value']:.2f} | {r['most']:g} |" for r in record["relations"]]


def _corners(record: Mapping[str, Any]) -> list[str]:
    if not record["corners"]:
        return []
    rows = ["", "| corner | MB/s | lines/s | x plain | enough |", "|---|--:|--:|--:|---|"]
    return rows + [
        f"| {c['name']} | {_speed(c['mb_per_second'])} | {c['lines_per_second']:,} | {c['share_of_plain']:.2f} "
        f"| {'yes' if c['enough'] else 'no'} |"
        for c in record["corners"]
    ]


def _speed(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
