"""The contestants that are query engines. They count which properties are there."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bench.contestants import Measured
from bench.counts import Counts, Seen, kinds, plan_presence, presence

if TYPE_CHECKING:
    from bench.contestants import Check
    from bench.plans import Plans
    from validator import TrackingPlan, UseCase

# The quickest of several that were tried: the keys of each call, grouped. A `json_exists` for each property
# takes more than twice as long; a STRUCT of all properties as long, but fails where `properties` is no object.
SQL = """
    SELECT lower(type), event, {fields}, json_keys(properties), count(*)
    FROM read_json(?, format='newline_delimited', maximum_object_size=4194304,
                   columns={{type: 'VARCHAR', event: 'VARCHAR', {columns}, properties: 'JSON'}})
    GROUP BY ALL
"""


# Where combinations of keys hardly come back, grouping by them is slow; each key is a row instead.
PLAN_SQL = """
    WITH calls AS (
        SELECT event, json_keys(properties) AS keys
        FROM read_json(?, format='newline_delimited', maximum_object_size=4194304,
                       columns={type: 'VARCHAR', event: 'VARCHAR', properties: 'JSON'})
        WHERE lower(type) = 'track'
    )
    SELECT event, key, count(*) FROM (SELECT event, unnest(list_append(keys, NULL)) AS key FROM calls) GROUP BY ALL
"""


def duckdb(by: Plans, threads: int) -> Check:
    """Hand-written SQL."""
    if by.own:
        return _duckdb_by_plan(by.own, threads)
    use_cases = by.use_cases
    fields = top_fields(use_cases)
    sql = SQL.format(
        fields=", ".join(f'"{name}" IS NOT NULL' for name in fields) or "true",
        columns=", ".join(f"\"{name}\": 'VARCHAR'" for name in fields) or "unused: 'VARCHAR'",
    )
    connection: Any = import_module("duckdb").connect(config={"threads": threads})

    def check(path: str) -> Measured:
        rows = connection.execute(sql, [path]).fetchall()
        return Measured(presence(use_cases, (_seen(fields, *row) for row in rows)))

    return check


def _duckdb_by_plan(plan: TrackingPlan, threads: int) -> Check:
    connection: Any = import_module("duckdb").connect(config={"threads": threads})

    def check(path: str) -> Measured:
        rows = connection.execute(PLAN_SQL, [path]).fetchall()
        calls = {event: count for event, key, count in rows if key is None}
        there = {(event, key): count for event, key, count in rows if key is not None}
        return Measured(plan_presence(plan, calls, there))

    return check


def _seen(fields: list[str], kind: str | None, event: str | None, *rest: Any) -> Seen:
    *there, keys, calls = rest
    key = None if kind is None else (kind, event if kind == "track" else None)
    names = (name for name, yes in zip(fields, there, strict=bool(fields)) if yes)
    return Seen(key, frozenset(names), frozenset(keys or ()), calls)


def top_fields(use_cases: list[UseCase]) -> list[str]:
    """The fields beside `properties` that plans look at."""
    places = [p for kind in kinds(use_cases).values() for found in kind.places.values() for p in found]
    return sorted({p[0] for p in places if len(p) == 1})


def polars(by: Plans) -> Check:
    """One lazy query: the properties as a struct, what is not null counted."""
    pl: Any = import_module("polars")
    if by.own:
        return _polars_by_plan(by.own, pl)
    use_cases = by.use_cases
    wanted = kinds(use_cases)
    names = sorted({p[-1] for k in wanted.values() for found in k.places.values() for p in found if len(p) > 1})
    fields = top_fields(use_cases)
    schema = dict.fromkeys(("type", "event", *fields), pl.String)
    schema["properties"] = pl.Struct(dict.fromkeys(names, pl.String))
    columns: dict[tuple[str, ...], Any] = {(name,): pl.col(name) for name in fields}
    columns.update({("properties", name): pl.col("properties").struct.field(name) for name in names})
    sums = []
    for key, kind in wanted.items():
        own = (pl.col("type") == key[0]) & (pl.lit(value=True) if key[1] is None else pl.col("event") == key[1])
        sums.append(own.sum().alias(repr((key, None))))
        for name, places in kind.places.items():
            there = pl.any_horizontal([columns[place].is_not_null() for place in places])
            sums.append((own & there).sum().alias(repr((key, name))))

    def check(path: str) -> Measured:
        row = pl.scan_ndjson(path, schema=schema).select(sums).collect().row(0, named=True)
        events = dict.fromkeys((kind.event for kind in wanted.values()), 0)
        properties: dict[str, list[int]] = {}
        for key, kind in wanted.items():
            calls = row[repr((key, None))]
            events[kind.event] += calls
            for name in kind.places:
                there = row[repr((key, name))]
                old = properties.get(f"{kind.event}.{name}", [0, 0])
                properties[f"{kind.event}.{name}"] = [old[0] + there, old[1] + calls - there]
        return Measured(Counts(events=events, properties=properties))

    return check


def _polars_by_plan(plan: TrackingPlan, pl: Any) -> Check:
    names = sorted({name for rule in plan.rules for name in rule.schema["properties"]["properties"]["properties"]})
    schema = {"type": pl.String, "event": pl.String, "properties": pl.Struct(dict.fromkeys(names, pl.String))}
    columns = [pl.col("properties").struct.field(name).is_not_null().sum().alias(name) for name in names]

    def check(path: str) -> Measured:
        calls = pl.scan_ndjson(path, schema=schema).filter(pl.col("type") == "track")
        rows = calls.group_by("event").agg(pl.len().alias("calls of all"), *columns).collect().to_dicts()
        there = {(row["event"], name): row[name] for row in rows for name in names}
        return Measured(plan_presence(plan, {row["event"]: row["calls of all"] for row in rows}, there))

    return check
