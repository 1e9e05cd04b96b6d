"""Who takes part, what each of them needs, and what it cannot do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.tools import Need, version_of

if TYPE_CHECKING:
    from bench.counts import Counts


class Measured(NamedTuple):
    """What one run gave.

    Attributes:
        counts: What was counted; None by who does not count.
        seconds: The time where the contestant took it itself; None for that of the whole call.
        peak: The memory, likewise, in MB.
    """

    counts: Counts | None = None
    seconds: float | None = None
    peak: float | None = None


FLAWED_KINDS = ("traffic", "flawed")
OWN_PLAN_KINDS = ("traffic", "optional")

Check = Callable[[str], Measured]
"""Checks the file of that path."""

Prepare = Callable[..., Check]
"""From the plans (and the contestant's options) to a check; loads and compiles what can be had before the file."""


class Contestant(NamedTuple):
    """One way to check a file.

    Attributes:
        name: As tables have it.
        target: `module:function` of its `Prepare`.
        options: Further arguments of that function.
        needs: What must be installed.
        cannot: What it does not do of the job; empty for nothing.
        slice: It reads only the first so many MB, because it is slow; None for the whole file.
        proof: Whether it counts the flawed calls of the proof files too; if not, it is not timed on files with flaws.
        by_own: Whether it is of use where a team's own plan is checked.
    """

    name: str
    target: str
    options: dict[str, Any] = {}  # noqa: RUF012 - never changed
    needs: tuple[Need, ...] = ()
    cannot: str = ""
    slice: int | None = None
    proof: bool = True
    by_own: bool = True

    def unfit(self, kind: str) -> str | None:
        """Why it cannot take part with files of a kind; None if it can."""
        if kind in FLAWED_KINDS and not self.proof:
            return "takes null for missing, and so counts flawed calls wrong"
        if kind in OWN_PLAN_KINDS and not self.by_own:
            return "is for use cases"
        return None

    def lacks(self) -> list[Need]:
        """What it needs and is not installed."""
        return [need for need in self.needs if version_of(need) is None]


ORJSON = Need("python", "orjson", "pip install orjson")
JSONSCHEMA = Need("python", "jsonschema", "pip install jsonschema")
JSONSCHEMA_RS = Need("python", "jsonschema-rs", "pip install jsonschema-rs")
FASTJSONSCHEMA = Need("python", "fastjsonschema", "pip install fastjsonschema")
DUCKDB = Need("python", "duckdb", "pip install duckdb")
POLARS = Need("python", "polars", "pip install polars")
NODE = Need("program", "node", "apt-get install nodejs, or nodejs.org")
AJV = Need("npm", "ajv", "npm install ajv (where NODE_PATH or a folder above finds it)")
JQ = Need("program", "jq", "apt-get install jq")
SOURCEMETA = Need(
    "sourcemeta", "jsonschema", "npm install @sourcemeta/jsonschema, or pip install sourcemeta-jsonschema"
)

REFERENCE = "uclint -j 1"
RULER = "orjson.loads alone"

_MALFORMED = "stops at a malformed line"
_PLACES = "no places; " + _MALFORMED
_PRESENCE = "presence only: no types, no violations, no places; "

CONTESTANTS: tuple[Contestant, ...] = (
    Contestant(REFERENCE, "bench.libraries:uclint", {"jobs": 1}),
    Contestant(
        "uclint -j 1, and a plan of one's own", "bench.libraries:uclint", {"jobs": 1, "own": True}, by_own=False
    ),
    Contestant("uclint -j 1, and the lint rules", "bench.libraries:uclint", {"jobs": 1, "lint": True}),
    Contestant("uclint -j 2", "bench.libraries:uclint", {"jobs": 2}),
    Contestant("uclint -j 1, in pure Python", "bench.libraries:uclint", {"jobs": 1, "native": False}),
    Contestant(RULER, "bench.libraries:orjson_alone", needs=(ORJSON,), cannot="parses, checks nothing"),
    Contestant("json.loads alone", "bench.libraries:json_alone", cannot="parses, checks nothing"),
    Contestant("orjson + a loop over the plans", "bench.libraries:loop", needs=(ORJSON,), cannot=_PLACES),
    Contestant(
        "orjson + jsonschema-rs",
        "bench.libraries:jsonschema_rs",
        needs=(ORJSON, JSONSCHEMA_RS),
        cannot=_PLACES,
    ),
    Contestant(
        "orjson + jsonschema-rs, equal rules once",
        "bench.libraries:jsonschema_rs",
        {"once": True},
        needs=(ORJSON, JSONSCHEMA_RS),
        cannot=_PLACES,
    ),
    Contestant(
        "orjson + fastjsonschema",
        "bench.libraries:fastjsonschema",
        needs=(ORJSON, FASTJSONSCHEMA),
        cannot="first error of a rule only, so no counts by property; " + _PLACES,
    ),
    Contestant("json + jsonschema", "bench.libraries:jsonschema", needs=(JSONSCHEMA,), cannot=_PLACES, slice=5),
    Contestant(
        "DuckDB, 1 thread",
        "bench.engines:duckdb",
        {"threads": 1},
        needs=(DUCKDB,),
        cannot=_PRESENCE + _MALFORMED,
    ),
    Contestant(
        "DuckDB, 2 threads",
        "bench.engines:duckdb",
        {"threads": 2},
        needs=(DUCKDB,),
        cannot=_PRESENCE + _MALFORMED,
    ),
    Contestant(
        "polars, all cores",
        "bench.engines:polars",
        needs=(POLARS,),
        cannot=_PRESENCE + "takes null for missing; fails where `properties` is no object; " + _MALFORMED,
        proof=False,
    ),
    Contestant("Node: JSON.parse + ajv", "bench.programs:ajv", needs=(NODE, AJV), cannot=_PLACES),
    Contestant(
        "sourcemeta jsonschema, all errors",
        "bench.programs:sourcemeta",
        needs=(SOURCEMETA,),
        cannot="prints errors, counts nothing; " + _MALFORMED,
        slice=50,
    ),
    Contestant(
        "sourcemeta jsonschema, fast",
        "bench.programs:sourcemeta",
        {"fast": True},
        needs=(SOURCEMETA,),
        cannot="valid or not, counts nothing; " + _MALFORMED,
        slice=50,
    ),
    Contestant("jq", "bench.programs:jq", needs=(JQ,), cannot=_PRESENCE + _MALFORMED, slice=50),
)
