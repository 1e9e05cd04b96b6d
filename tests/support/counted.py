"""What the engine counts of calls, by every way through it, and what it should come to."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from validator import Limits, Program
from validator.engine.compile.deviation import Facts, TableKey
from validator.engine.compile.tables import Table
from validator.engine.count.profile import InputSummary, Profile
from validator.engine.count.tally import Tally
from validator.engine.decode.call import JSON_TYPE_OF, NO_PROPERTIES
from validator.engine.decode.call_type import call_type
from validator.engine.decode.decoder import Decoder
from validator.engine.decode.json_exact import message_id, parse
from validator.engine.engine import Engine
from validator.engine.judge.judge import Judge
from validator.engine.near_miss import shortened
from validator.engine.scan import entries
from validator.engine.scan.exact import FactsReader
from validator.input.documents import Element
from validator.input.lines import Block
from validator.model import Place
from validator.report.assess import judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from validator.engine.count.sighting import Sighting
    from validator.engine.judge.judge import Effect
    from validator.engine.scan.observer import Observer

NEVER = 1 << 60

Counts = dict[str, Any]


@contextmanager
def quick_from(calls: int) -> Iterator[None]:
    """Quick tests are tried from so many calls on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entries, "WARM", calls)
        yield


# ------------------------------------------------------------------------------------------- one call, looked at alone


class CallFacts:
    """Reads all that plans ask of a call, by none of the ways that streams take."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.judge = Judge(program)
        self.decoder = Decoder(program.wanted, Limits())
        self._readers: dict[TableKey, FactsReader] = {}

    def of(self, line: bytes) -> Facts:
        """The facts of the call on a line."""
        call = parse(line)
        key = self.table_of(call)
        if key not in self._readers:
            self._readers[key] = FactsReader(Table(key, self.program, self.judge), self.decoder.attributes)
        return self._readers[key].read(self.decoder.call(call), call.get("properties", NO_PROPERTIES))

    def table_of(self, call: Mapping[str, Any]) -> TableKey:
        """The table of a parsed call."""
        routes, raw = self.program.routes, call.get("type")
        kind = call_type(raw) if isinstance(raw, str) else "unknown"
        name = call.get("event" if kind == "track" else "name")
        properties = JSON_TYPE_OF[type(call["properties"])] if "properties" in call else "absent"
        version = routes.version_of(call.get("context"))
        return TableKey(kind, routes.name_of(kind, name), version, properties)

    def effect(self, line: bytes) -> Effect:
        """What all plans say of the call on a line."""
        return self.judge.of_call(self.of(line))


# --------------------------------------------------------------------------------------------------- what it comes to


def expected_tally(calls: CallFacts, lines: Sequence[bytes], *, times: int = 1, most: int | None = 0) -> Tally:
    """What calls come to, judged one by one; of the places, the first `most` are kept."""
    program, tally, byte = calls.program, Tally(), 0
    for number, line in enumerate(lines, 1):
        facts = calls.of(line)
        effect = calls.judge.of_call(facts)
        place = Place(0, byte, -1, number, message_id(parse(line)))
        tally.add_calls(facts.table, program, times)
        tally.add_effect(effect, times, [place] if most != 0 else (), most)
        if effect.breaks:
            tally.add_invalid(facts.table, calls.judge.plans(effect.breaks), program, times)
        byte += len(line) + 1
    return tally


def expected_names(program: Program, lines: Iterable[bytes]) -> dict[str, int]:
    """The names of events that no plan rule is about, with their calls."""
    found: dict[str, int] = {}
    for call in map(parse, lines):
        raw, event = call.get("type"), call.get("event")
        event = event if isinstance(event, str) else ""
        if not isinstance(raw, str) or call_type(raw) != "track" or event in program.routes.track_events:
            continue
        if event or program.naming("track"):
            found[shortened(event)] = found.get(shortened(event), 0) + 1
    return found


def expected_further(calls: CallFacts, lines: Iterable[bytes]) -> dict[tuple[str, str | None, str], int]:
    """The keys of properties that no plan names, with their calls."""
    program, found = calls.program, dict[tuple[str, str | None, str], int]()
    for call in map(parse, lines):
        table = calls.table_of(call)
        fields = program.rules_for(table).fields
        if isinstance(call.get("properties"), dict) and (fields.more or program.lint.keys):
            for key in call["properties"].keys() - fields.properties.keys():
                about = (table.type, table.name, shortened(key))
                found[about] = found.get(about, 0) + 1
    return found


def shown(tally: Tally) -> Counts:
    """A tally as it is compared: what came to nothing is left out."""
    return {
        "calls": (tally.calls, tally.invalid),
        "events": dict(+tally.events),
        "states": {key: counts for key, counts in tally.states.items() if any(counts)},
        "violations": _seen(tally.violations),
        "findings": _seen(tally.findings),
        "plans": {violation: tally.plans[violation] for violation in tally.violations},
        "standings": {plan: counts for plan, counts in tally.standings.items() if any(counts)},
    }


def _seen(table: Mapping[Any, Sighting]) -> dict[Any, tuple[int, tuple[Place, ...]]]:
    return {key: (seen.count, seen.places) for key, seen in table.items() if seen.count}


def tally_of(program: Program, profile: Profile) -> Tally:
    """What the calls of a profile come to."""
    return judged(profile, program, Judge(program))


def counts_of(profile: Profile, times: int = 1) -> Counts:
    """What a profile counts, without places; each count is divided by how often its calls were read."""
    tally = profile.judged
    tables: dict[str, Mapping[Any, Any]] = {
        "types": profile.types,
        "invalid": profile.invalid,
        "judged": {"calls": tally.calls, "invalid": tally.invalid},
        "events": tally.events,
        "states": _listed(tally.states),
        "standings": _listed(tally.standings),
    }
    for name in ("calls", "deviations", "names", "further", "faults"):
        tables[name] = {key: seen.count for key, seen in getattr(profile, name).items()}
    for name in ("violations", "findings"):
        tables[name] = {key: seen.count for key, seen in getattr(tally, name).items()}
    found: Counts = {
        name: {key: _divided(count, times) for key, count in table.items() if count} for name, table in tables.items()
    }
    return found | {"plans": dict(tally.plans)}


def _listed(table: Mapping[Any, Sequence[int]]) -> dict[Any, int]:
    return {(key, number): count for key, counts in table.items() for number, count in enumerate(counts)}


def _divided(count: int, times: int) -> int:
    assert count % times == 0, f"{count} of {times}"
    return count // times


# --------------------------------------------------------------------------------------------- the ways into the engine


class Reader:
    """Feeds lines with one call each to an engine that goes on and on, and tells what it counted of each."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.facts = CallFacts(program)
        self.engine = Engine(program, Limits(places=0))
        self.engine.begin(0)

    def taken(self, line: bytes, times: int = 1) -> Counts:
        """What was counted since the last time, of a call that was read so many times, each as often as it should."""
        profile = self.engine.finish()
        assert shown(tally_of(self.program, profile)) == shown(expected_tally(self.facts, [line], times=times)), line
        counts = counts_of(profile, times)
        assert counts["names"] == expected_names(self.program, [line])
        assert counts["further"] == expected_further(self.facts, [line])
        for name in ("types", "calls", "deviations", "invalid", "names", "further", "faults", "lines"):
            getattr(profile, name).clear()
        profile.judged = Tally()
        assert sum(counts["calls"].values()) + counts["judged"].get("calls", 0) == sum(counts["types"].values()) == 1
        return counts

    def block(self, line: bytes, times: int = 1) -> Counts:
        """As lines of a file."""
        assert self.engine.lines(Block(0, (line + b"\n") * times)) == times
        return self.taken(line, times)

    def element(self, line: bytes) -> Counts:
        """As an element of an array."""
        assert self.engine.elements([Element(0, 1, 0, line)]) == 1
        return self.taken(line)

    def member(self, line: bytes) -> Counts:
        """As the only member of a batch."""
        assert self.engine.elements([Element(0, 1, 0, b'{"batch":[' + line + b"]}")]) == 1
        return self.taken(line)


def profile_of(
    program: Program,
    lines: Sequence[bytes],
    *,
    limits: Limits | None = None,
    size: int = 3,
    observer: Observer | None = None,
) -> Profile:
    """The profile of lines that are read in blocks of so many."""
    engine, byte = Engine(program, limits or Limits(), observer=observer), 0
    engine.profile.inputs.append(InputSummary("calls.ndjson"))
    engine.begin(0)
    for few in (lines[i : i + size] for i in range(0, len(lines), size)):
        data = b"".join(line + b"\n" for line in few)
        assert engine.lines(Block(byte, data)) == len(few)
        byte += len(data)
    return engine.finish()
