"""The contestants that are programs of their own."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import tools
from bench.contestants import Measured
from bench.counts import KEYWORDS, KEYWORDS_NESTED, Seen, States, Violations, plan_presence, presence
from bench.engines import top_fields
from validator import TrackingPlan, message_schema

if TYPE_CHECKING:
    from bench.contestants import Check
    from bench.counts import Counts
    from bench.plans import Plans


def ajv(by: Plans) -> Check:
    """JSON.parse for each line, then every plan rule that applies, compiled by ajv with all errors."""
    module = tools.node_module("ajv")
    states = States(by.use_cases)
    own = [{"type": key[0], "key": key[1], "places": kind.places} for key, kind in states.kinds.items()]
    if by.own:
        own = [{"type": rule.type.lower(), "key": rule.key, "places": {}} for rule in by.own.rules]
    plan = [rule.to_json() for rule in by.rules(once=False)]

    def check(path: str) -> Measured:
        with tempfile.TemporaryDirectory() as folder:
            job = Path(folder, "job.json")
            job.write_text(
                json.dumps({"ajv": str(module), "kinds": own, "rules": plan, "file": path, "own": bool(by.own)})
            )
            ran = tools.run(["node", str(tools.HERE / "ajv.mjs"), str(job)], Path(folder, "out"))
        result: dict[str, Any] = json.loads(ran.output)
        if by.own:
            return Measured(_violations(own, result["kinds"]), result["seconds"], ran.peak)
        for key, counted in zip(states.kinds, result["kinds"], strict=True):
            states.calls[key] = counted["calls"]
            states.missing.update({(key, name): n for name, n in counted["missing"].items()})
            states.invalid.update({(key, name): n for name, n in counted["invalid"].items()})
        return Measured(states.counts(), result["seconds"], ran.peak)

    return check


def _violations(kinds: list[dict[str, Any]], counted: list[dict[str, Any]]) -> Counts:
    """What ajv found, by a team's own plan."""
    found = Violations((*KEYWORDS, *KEYWORDS_NESTED))
    for kind, counts in zip(kinds, counted, strict=True):
        found.invalid += counts["broken"]
        for what, calls in counts["violations"].items():
            keyword, location, name = json.loads(what)
            found.add(kind["key"], name, location, keyword, calls)
    return found.counts()


def sourcemeta(by: Plans, *, fast: bool = False) -> Check:
    """One schema for a whole message, equal rules once; the time includes starting and compiling."""
    plan = TrackingPlan("bench", "bench", tuple(by.rules(once=True)))
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


def jq(by: Plans) -> Check:
    """The keys of each call, grouped; the time includes starting."""
    if by.own:
        return _jq_by_plan(by.own)
    use_cases = by.use_cases
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


def _jq_by_plan(plan: TrackingPlan) -> Check:
    each = "(null, ((.properties | objects) // {} | keys_unsorted[]))"
    keys = f'inputs | select(.type == "track") | .event as $event | {each} | [$event, .] | tojson'
    program = f"reduce ({keys}) as $key ({{}}; .[$key] += 1)"

    def check(path: str) -> Measured:
        with tempfile.TemporaryDirectory() as folder:
            ran = tools.run(["jq", "-cn", program, path], Path(folder, "out"))
        found = {tuple(json.loads(text)): calls for text, calls in json.loads(ran.output).items()}
        calls = {event: count for (event, name), count in found.items() if name is None}
        there = {(event, name): count for (event, name), count in found.items() if name is not None}
        return Measured(plan_presence(plan, calls, there), ran.seconds, ran.peak)

    return check
