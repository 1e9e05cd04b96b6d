"""The contestants that are programs of their own."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import tools
from bench.contestants import Measured
from bench.counts import Seen, States, presence
from bench.engines import top_fields
from bench.plans import rules
from validator import TrackingPlan, message_schema

if TYPE_CHECKING:
    from bench.contestants import Check
    from validator import UseCase


def ajv(use_cases: list[UseCase]) -> Check:
    """JSON.parse for each line, then every plan rule that applies, compiled by ajv with all errors."""
    module = tools.node_module("ajv")
    states = States(use_cases)
    own = [{"type": key[0], "key": key[1], "places": kind.places} for key, kind in states.kinds.items()]
    plan = [rule.to_json() for rule in rules(use_cases, once=False)]

    def check(path: str) -> Measured:
        with tempfile.TemporaryDirectory() as folder:
            job = Path(folder, "job.json")
            job.write_text(json.dumps({"ajv": str(module), "kinds": own, "rules": plan, "file": path}))
            ran = tools.run(["node", str(tools.HERE / "ajv.mjs"), str(job)], Path(folder, "out"))
        result: dict[str, Any] = json.loads(ran.output)
        for key, counted in zip(states.kinds, result["kinds"], strict=True):
            states.calls[key] = counted["calls"]
            states.missing.update({(key, name): n for name, n in counted["missing"].items()})
            states.invalid.update({(key, name): n for name, n in counted["invalid"].items()})
        return Measured(states.counts(), result["seconds"], ran.peak)

    return check


def sourcemeta(use_cases: list[UseCase], *, fast: bool = False) -> Check:
    """One schema for a whole message, equal rules once; the time includes starting and compiling."""
    plan = TrackingPlan("bench", "bench", tuple(rules(use_cases, once=True)))
    schema = json.dumps(message_schema(plan))
    program = tools.sourcemeta()

    def check(path: str) -> Measured:
        with tempfile.TemporaryDirectory() as folder:
            written = Path(folder, "schema.json")
            written.write_text(schema, encoding="utf-8")
            if not path.endswith(".jsonl"):  # only this extension is read line by line
                path = str(shutil.copy(path, Path(folder, "calls.jsonl")))
            command = [str(program), "validate", str(written), path, "--continue", *(["--fast"] if fast else [])]
            ran = tools.run(command, None, fine=(0, 2))
        return Measured(None, ran.seconds, ran.peak)

    return check


def jq(use_cases: list[UseCase]) -> Check:
    """The keys of each call, grouped; the time includes starting."""
    fields = top_fields(use_cases)
    shape = ", ".join(["(.type | tostring | ascii_downcase)", ".event", *(f".{name} != null" for name in fields)])
    keys = '(.properties | if type == "object" then keys_unsorted else [] end)'
    program = f"reduce (inputs | [{shape}, {keys}] | tojson) as $shape ({{}}; .[$shape] += 1)"

    def check(path: str) -> Measured:
        with tempfile.TemporaryDirectory() as folder:
            ran = tools.run(["jq", "-cn", program, path], Path(folder, "out"))
        shapes = []
        for text, calls in json.loads(ran.output).items():
            kind, event, *there, names = json.loads(text)
            top = frozenset(name for name, yes in zip(fields, there, strict=True) if yes)
            shapes.append(Seen((kind, event if kind == "track" else None), top, frozenset(names), calls))
        return Measured(presence(use_cases, shapes), ran.seconds, ran.peak)

    return check
