"""The tables of runs of `python -m bench ratios` and `python -m bench ways`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


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
            "| native core | " + " | ".join(_ratio(c["ratio"]) for c in shown) + " |",
            "| aimed at | " + " | ".join(f"{c['goal']:g}" for c in shown) + " |",
            "| pure Python | " + " | ".join(_ratio(c["pure_ratio"]) for c in shown) + " |",
            "| aimed at | " + " | ".join(f"{c['pure_goal']:g}" for c in shown) + " |",
            "| MB/s | " + " | ".join(_speed(c["mb_per_second"]) for c in shown) + " |",
            "| `orjson.loads`, MB/s | " + " | ".join(_speed(c["orjson_mb_per_second"]) for c in shown) + " |",
            "| calls/s | " + " | ".join(f"{c['lines_per_second']:,}" for c in shown) + " |",
        ]
    more = [c for c in record["cases"] if not c["goal"]]
    if more:
        rows += ["", "| further | x `orjson.loads` | pure Python | MB/s |", "|---|--:|--:|--:|"]
        rows += [
            f"| {c['name']} | {_ratio(c['ratio'])} | {_ratio(c['pure_ratio'])} | {_speed(c['mb_per_second'])} |"
            for c in more
        ]
    return rows


def _relations(record: Mapping[str, Any]) -> list[str]:
    if not record["relations"]:
        return []
    rows = ["", "| time of | native core | pure Python | at most |", "|---|--:|--:|--:|"]
    return rows + [
        f"| {r['name']} | {_ratio(r['value'])} | {_ratio(r['pure_value'])} | {r['most']:g} |"
        for r in record["relations"]
    ]


def _corners(record: Mapping[str, Any]) -> list[str]:
    if not record["corners"]:
        return []
    rows = ["", "| corner | MB/s | lines/s | x plain | enough |", "|---|--:|--:|--:|---|"]
    return rows + [
        f"| {c['name']} | {_speed(c['mb_per_second'])} | {c['lines_per_second']:,} | {c['share_of_plain']:.2f} "
        f"| {'yes' if c['enough'] else 'no'} |"
        for c in record["corners"]
    ]


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _speed(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


_COMPARED_WITH = {
    "check": "of a plain check's speed",
    "orjson": "x `orjson.loads` over the same texts",
    "decompressing": "of the decompressor's own speed, at `-j 2`",
}


def ways_table(record: Mapping[str, Any]) -> str:
    """A record of the other ways to read, in Markdown."""
    machine, commit = record["machine"], record["commit"] or "no commit"
    head = (
        f"{record['when'][:10]}, uclint {record['uclint']} ({commit}): traffic with its own plan, "
        f"{record['size'] / 1e6:,.0f} MB, median of {record['rounds']} interleaved rounds; {machine['cpu']}, "
        f"{machine['cores']} cores, {record['python']}."
    )
    lines = [head]
    for group, title in _COMPARED_WITH.items():
        lines += ["", f"| {title} | native core | pure Python |", "|---|--:|--:|"]
        lines += [f"| {name} | {native:.2f} | {pure:.2f} |" for name, (native, pure) in record["ways"][group].items()]
    return "\n".join(lines)
