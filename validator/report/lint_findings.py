"""What lint rules found, as findings: of single calls, and of the names of a whole stream."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from validator.engine.lint.names import odd_characters, shown, without_values
from validator.engine.lint.personal_data import masked
from validator.engine.near_miss import fold
from validator.model import LineClass, pointer_keys
from validator.report import finding_messages as words
from validator.report.finding_messages import LISTED, calls, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from validator.engine.compile.program import Program
    from validator.engine.count.profile import Profile
    from validator.engine.count.sighting import Sighting
    from validator.engine.lint import Convention, Fault, Lint, Naming, Pattern
    from validator.model import Place

# Rules about how names are written.
CASE = frozenset(("NM406", "NM407"))

# Names listed in one finding at most.
MOST = 50


class LintFinding(NamedTuple):
    """A finding without the fields that its rule supplies."""

    code: str
    message: str
    calls: int
    places: tuple[Place, ...]
    event: str | None = None
    property: str | None = None
    location: str | None = None


def lint_findings(profile: Profile, program: Program) -> Iterator[LintFinding]:
    """What lint rules found, without NM401 and without what plans report."""
    names = {name: sighting for name, sighting in profile.names.items() if not program.near_misses.planned(name)}
    on = program.lint.codes
    for fault, sighting in profile.faults.items():
        code, location = fault
        if code == "IN503":
            yield _not_objects(sighting, profile.lines[LineClass.NOT_OBJECT])
        elif code.startswith("NM"):
            yield _of_names(fault, sighting, profile.names, program.lint)
        else:
            yield _of_calls(code, location, sighting)
    if "SP310" in on and (repeated := profile.repeats.repeated):
        level = profile.repeats.level
        sampled = f"; looked for in one of {2**level:,} ids, chosen by their hash" if level else ""
        message = say("SP310", repeated, sampled=sampled)
        yield LintFinding("SP310", message, repeated, profile.repeats.places(profile.max_places))
    if "NM403" in on:
        yield from _dynamic_names(profile, program.lint.naming.dynamic)
    if "NM405" in on:
        yield from _spellings(names, program.routes.track_events, profile.max_places)
    if program.lint.keys:
        yield from _properties(profile, on, program.lint.naming)


def _not_objects(sighting: Sighting, lines: int) -> LintFinding:
    """Lines that are not objects, and members of batches that are not, counted apart as in the header of reports."""
    members = sighting.count - lines
    words_of = {"lines": f"{lines:,} line{'s' * (lines != 1)}"}
    words_of["members"] = f"{members:,} member{'s' * (members != 1)}"
    case = None if not members else "with members" if lines else "member" if members == 1 else "members"
    message = say("IN503", sighting.count, case, **(words_of if case else {}))
    return LintFinding("IN503", message, sighting.count, sighting.places)


def _of_calls(code: str, location: str, sighting: Sighting) -> LintFinding:
    keys = pointer_keys(location)
    name = keys[1] if len(keys) > 1 and keys[0] == "properties" else None
    message = words.of_calls(code, sighting.count, shown(name) if name else "".join(keys[:1]))
    return LintFinding(code, message, sighting.count, sighting.places, property=name, location=location)


def _of_names(fault: Fault, sighting: Sighting, names: Mapping[str, Sighting], lint: Lint) -> LintFinding:
    """Findings about event names that are in no plan."""
    code, written = fault.code, lint.naming.events
    found = [name for name in names if name and fault in lint.of_name(name)]
    listed = _commonest(found, names, lambda name: words.quoted(_shown(code, name), _better(code, name, written)))
    convention = words.convention(written.description, written.example("plan", "changed"))
    case = None if found else "unnamed"
    message = say(
        code, len(found), case, calls=calls(sighting.count), convention=convention, names=words.listed(listed)
    )
    return LintFinding(code, message, sighting.count, sighting.places)


def _shown(code: str, name: str) -> str:
    return shown(masked(without_values(name) if code == "NM402" else name))


def _better(code: str, name: str, written: Convention | Pattern) -> str | None:
    return written.rewritten(name) if code in CASE and masked(name) == name else None


def _commonest(found: Iterable[str], sightings: Mapping[str, Sighting], show: Callable[[str], str]) -> Iterable[str]:
    """The names as shown, each once, the most frequent first: those that are listed, and one more if there are more."""
    shown_names: dict[str, None] = {}
    for name in sorted(found, key=lambda name: (-sightings[name].count, name)):
        shown_names[show(name)] = None
        if len(shown_names) > LISTED:
            break
    return shown_names


def _dynamic_names(profile: Profile, least: int) -> Iterator[LintFinding]:
    names = profile.names
    for template, alike in _by_template(names, least):
        count = sum(names[name].count for name in alike)
        some = "at least " if profile.nameless > 0 else ""
        message = say("NM403", len(alike), template=template, least=some, calls=calls(count))
        yield LintFinding("NM403", message, count, _of_each(names, alike, profile.max_places), event=template)


def _spellings(names: Mapping[str, Sighting], planned: Iterable[str], most: int | None) -> Iterator[LintFinding]:
    known = {fold(name) for name in planned}
    for folded, alike in _alike(names):
        if folded not in known:
            count = sum(names[name].count for name in alike)
            ranked = sorted(alike, key=lambda name: (-names[name].count, name))
            spelt = ", ".join(f'"{shown(name)}" ({names[name].count:,})' for name in ranked[:LISTED])
            more = f" and {len(ranked) - LISTED:,} more" if len(ranked) > LISTED else ""
            message = say("NM405", len(ranked), names=spelt + more)
            # The first spelling represents all: which one is most common may change from day to day.
            yield LintFinding("NM405", message, count, _of_each(names, alike, most), event=min(alike))


def _properties(profile: Profile, on: frozenset[str], naming: Naming) -> Iterator[LintFinding]:
    """Findings about the names of properties that are in no plan."""
    by_event: dict[tuple[str, str | None], dict[str, Sighting]] = defaultdict(dict)
    for (kind, event, key), sighting in sorted(profile.further.items(), key=lambda item: repr(item[0])):
        by_event[kind, event][key] = sighting
    for (kind, name), keys in by_event.items():
        of, event = name or f"{kind} calls", name or kind.capitalize()
        for code in ("NM407", "NM408"):
            if code in on:
                yield from _odd_properties(code, event, of, keys, naming.properties, profile.max_places)
        if "NM409" in on:
            for template, alike in _by_template(keys, naming.dynamic):
                count = sum(keys[key].count for key in alike)
                some = "at least " if profile.further_nameless > 0 else ""
                message = say("NM409", len(alike), event=of, template=template, least=some)
                places = _of_each(keys, alike, profile.max_places)
                yield LintFinding("NM409", message, count, places, event=event, property=template)
        if "NM410" in on:
            groups = [sorted(alike, key=lambda key: (-keys[key].count, key)) for _, alike in _alike(keys)]
            if groups:
                spelt = "; ".join(
                    " and ".join(f'"{shown(key)}"' for key in group[:LISTED]) for group in groups[:LISTED]
                )
                more = "; ..." if len(groups) > LISTED else ""
                message = say("NM410", len(groups), event=of, names=spelt + more)
                count = sum(keys[key].count for group in groups for key in group)
                places = _of_each(keys, [key for group in groups for key in group], profile.max_places)
                yield LintFinding("NM410", message, count, places, event=event)


def _odd_properties(
    code: str, event: str | None, of: str, keys: Mapping[str, Sighting], written: Convention | Pattern, most: int | None
) -> Iterator[LintFinding]:
    found = [key for key in keys if (not written.follows(key) if code == "NM407" else odd_characters(key))]
    if found:
        listed = _commonest(found, keys, lambda key: words.quoted(_shown(code, key), _better(code, key, written)))
        convention = words.convention(written.description, written.example("plan", "name"))
        message = say(code, len(found), event=of, convention=convention, names=words.listed(listed))
        count = sum(keys[key].count for key in found)
        places = _of_each(keys, found, most)
        yield LintFinding(code, message, count, places, event=event)


def _by_template(names: Iterable[str], least: int) -> Iterator[tuple[str, list[str]]]:
    """Groups of many names that differ only in values; the largest group first."""
    alike: dict[str, list[str]] = defaultdict(list)
    for name in names:
        template = without_values(name)
        if template != name:
            alike[template].append(name)
    many = [(template, found) for template, found in alike.items() if len(found) >= least]
    yield from sorted(many, key=lambda pair: (-len(pair[1]), pair[0]))[:MOST]


def _alike(names: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The names that differ only in case and separators; names that contain a value are left out."""
    alike: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if masked(name) == name:
            alike[fold(name)].append(name)
    several = [(folded, found) for folded, found in alike.items() if len(found) > 1 and folded]
    yield from sorted(several, key=lambda pair: (-len(pair[1]), pair[0]))[:MOST]


def _of_each(names: Mapping[str, Sighting], alike: Iterable[str], most: int | None) -> tuple[Place, ...]:
    """The first place of each name: more places of one name would hide the others."""
    first = {names[name].places[0] for name in alike if names[name].places}
    return tuple(sorted(first, key=lambda place: place[:3])[:most])
