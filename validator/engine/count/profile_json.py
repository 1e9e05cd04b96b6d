"""The JSON form of a Profile, to save it and merge it with others later.

It has everything in a profile: names of events and properties, message ids and places of calls, the values of
breakdowns, and no other value. Equal profiles give equal texts. A profile is only valid for the plans, rules and limits
it was made with, so digests of these are included.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Annotated, Any, Final, Literal

import msgspec

from validator._version import __version__
from validator.engine.compile.deviation import Deviation, TableKey
from validator.engine.compile.value_checks import Failed  # noqa: TC001 - msgspec reads the types
from validator.engine.count.breakdown import Group, Groups
from validator.engine.count.profile import InputSummary, Profile
from validator.engine.count.profile_checks import refuse_unknown
from validator.engine.count.sighting import Sighting
from validator.engine.count.tally import Tally
from validator.engine.judge.violation import Violation  # noqa: TC001 - msgspec reads the types
from validator.engine.lint import Fault  # noqa: TC001 - msgspec reads the types
from validator.engine.lint.duplicate_ids import Repeats
from validator.errors import ConfigError
from validator.model import LineClass, Place  # noqa: TC001 - msgspec reads the types
from validator.syntax.number_size import refuse_large

VERSION: Final = 2

_Count = Annotated[int, msgspec.Meta(ge=0)]
_States = tuple[int, int, int]
_Identity = tuple[str, str, str | None, str, str]
_CallType = Literal["track", "page", "screen", "identify", "group", "alias", "unknown"]
_JsonType = Literal["absent", "null", "boolean", "integer", "number", "string", "array", "object"]


class SavedProfile(msgspec.Struct, frozen=True):
    """A profile, with what it was made with.

    Attributes:
        profile: The profile.
        made_with: What it was made with -> its digest, or itself if short.
        partial: Whether further input could not be read, beyond that recorded in the inputs.
        path: The file it was read from.
    """

    profile: Profile
    made_with: dict[str, str]
    partial: bool = False
    path: str = ""

    def to_text(self) -> str:
        """JSON, ASCII, with an entry of a list on each line."""
        profile = self.profile
        tables = _numbered(profile)
        body: dict[str, Any] = msgspec.to_builtins(
            _Saved(
                profile_version=VERSION,
                uclint=__version__,
                made_with=dict(sorted(self.made_with.items())),
                partial=self.partial,
                max_places=profile.max_places,
                left_out=profile.left_out,
                inputs=profile.inputs,
                lines=_sorted(profile.lines),
                types=_sorted(profile.types),
                tables=msgspec.convert([key._asdict() for key in tables], list[_Table]),
                calls=[(tables[key], _seen(seen)) for key, seen in _sorted(profile.calls).items()],
                deviations=[
                    _Deviates(tables[found.table], found.places, found.types, found.failed, _seen(seen))
                    for found, seen in _sorted(profile.deviations).items()
                ],
                invalid=[(tables[key], plans, count) for (key, plans), count in _sorted(profile.invalid).items()],
                judged=_judged(profile.judged),
                names=_table(profile.names),
                nameless=profile.nameless,
                further=_table(profile.further),
                further_nameless=profile.further_nameless,
                faults=_table(profile.faults),
                repeats=_Repeats(
                    profile.repeats.level, [(name, *seen) for name, seen in _sorted(profile.repeats.seen).items()]
                ),
                groups={field: _groups(groups) for field, groups in _sorted(profile.groups).items()},
            )
        )
        members = [f"{json.dumps(key)}: {_lines(value)}" for key, value in body.items()]
        return "{\n" + ",\n".join([*members, f'"sha256": "{_digest(body)}"']) + "\n}\n"

    @classmethod
    def parse(cls, data: bytes, path: str) -> SavedProfile:
        """Reads the JSON form.

        Args:
            data: The content of a file.
            path: Its name in messages.

        Raises:
            ConfigError: It is not a profile, has another version, or was changed since it was written.
        """
        try:
            raw = json.loads(data)
            version = raw.get("profile_version") if isinstance(raw, dict) else None
            refuse_large(raw)
            if isinstance(version, int) and version > VERSION:
                raise ConfigError([f"{path}: profile version {version} is newer than this uclint can read; upgrade it"])
            if isinstance(version, int) and version < VERSION:
                why = (
                    f"it has profile version {version}, which counted combinations; version {VERSION} counts deviations"
                )
                raise _broken(path, why)
            if version != VERSION:
                raise _broken(path, f"it has no `profile_version` {VERSION}")
            if raw.pop("sha256", None) != _digest(raw):
                raise _broken(path, "it was changed, or cut off, after it was written")
            form = msgspec.convert(raw, _Saved)
            profile = _profile(form)
            refuse_unknown(profile)
        except (ValueError, IndexError, RecursionError) as error:  # msgspec's errors are ValueErrors too
            raise _broken(path, str(error)) from None
        return cls(profile, form.made_with, form.partial, path)


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Strict, so that nothing is lost silently."""


class _Seen(_Form, frozen=True):
    count: _Count
    places: tuple[Place, ...]


class _Violated(_Form, frozen=True):
    violation: Violation
    plans: tuple[str, ...]
    seen: _Seen


class _Table(_Form, frozen=True):
    type: _CallType
    name: str | None
    version: int | None
    properties: _JsonType


class _Deviates(_Form, frozen=True):
    table: _Count
    places: tuple[str, ...]
    types: tuple[_JsonType, ...]
    failed: tuple[Failed, ...]
    seen: _Seen


class _Judged(_Form, frozen=True):
    calls: _Count
    invalid: _Count
    events: dict[str, _Count]
    states: list[tuple[str, str, _States]]
    violations: list[_Violated]
    findings: list[tuple[_Identity, _Seen]]
    standings: dict[str, _States]


class _Repeats(_Form, frozen=True):
    level: Annotated[int, msgspec.Meta(ge=0, le=32)]
    seen: list[tuple[str, _Count, tuple[Place, ...]]]


class _Group(_Form, frozen=True):
    calls: _Count
    invalid: _Count
    findings: list[tuple[_Identity, _Count]]
    faults: list[tuple[Fault, _Count]]


class _Groups(_Form, frozen=True):
    named: list[tuple[str | None, _Group]]
    others: _Group


class _Saved(_Form, frozen=True, kw_only=True):
    profile_version: int
    uclint: str
    made_with: dict[str, str]
    partial: bool
    max_places: _Count | None
    left_out: _Count
    inputs: list[InputSummary]
    lines: dict[LineClass, _Count]
    types: dict[_CallType, _Count]
    tables: list[_Table]
    calls: list[tuple[_Count, _Seen]]
    deviations: list[_Deviates]
    invalid: list[tuple[_Count, tuple[str, ...], _Count]]
    judged: _Judged
    names: list[tuple[str, _Seen]]
    nameless: _Count
    further: list[tuple[tuple[_CallType, str | None, str], _Seen]]
    further_nameless: _Count
    faults: list[tuple[Fault, _Seen]]
    repeats: _Repeats
    groups: dict[str, _Groups]


def _profile(form: _Saved) -> Profile:
    tables = [TableKey(table.type, table.name, table.version, table.properties) for table in form.tables]
    return Profile(
        inputs=form.inputs,
        lines=Counter(form.lines),
        types=Counter(form.types),
        calls={tables[table]: _sighting(seen) for table, seen in form.calls},
        deviations={
            Deviation(tables[one.table], one.places, one.types, one.failed): _sighting(one.seen)
            for one in form.deviations
        },
        invalid={(tables[table], plans): count for table, plans, count in form.invalid},
        judged=_unjudged(form.judged),
        names=_untabled(form.names),
        nameless=form.nameless,
        further=_untabled(form.further),
        further_nameless=form.further_nameless,
        faults=_untabled(form.faults),
        repeats=Repeats(form.repeats.level, {name: (count, places) for name, count, places in form.repeats.seen}),
        groups={
            field: Groups({value: _ungrouped(group) for value, group in groups.named}, _ungrouped(groups.others))
            for field, groups in form.groups.items()
        },
        left_out=form.left_out,
        max_places=form.max_places,
    )


def _sorted(table: Any) -> dict[Any, Any]:
    return dict(sorted(table.items(), key=lambda entry: repr(entry[0])))


def _numbered(profile: Profile) -> dict[TableKey, int]:
    """The tables in a profile, numbered."""
    keys = {*profile.calls, *(found.table for found in profile.deviations), *(key for key, _ in profile.invalid)}
    return {key: number for number, key in enumerate(sorted(keys, key=repr))}


def _seen(seen: Sighting) -> _Seen:
    return _Seen(seen.count, seen.places)


def _sighting(seen: _Seen) -> Sighting:
    return Sighting(seen.count, seen.places)


def _table(table: dict[Any, Sighting]) -> list[Any]:
    return [(key, _seen(seen)) for key, seen in _sorted(table).items()]


def _untabled(entries: list[Any]) -> dict[Any, Sighting]:
    return {key: _sighting(seen) for key, seen in entries}


def _judged(tally: Tally) -> _Judged:
    return _Judged(
        calls=tally.calls,
        invalid=tally.invalid,
        events=_sorted(tally.events),
        states=[(event, name, tuple(counts)) for (event, name), counts in _sorted(tally.states).items()],
        violations=[
            _Violated(violation, tuple(sorted(tally.plans[violation])), _Seen(seen.count, seen.places))
            for violation, seen in _sorted(tally.violations).items()
        ],
        findings=_table(tally.findings),
        standings={plan: tuple(counts) for plan, counts in _sorted(tally.standings).items()},
    )


def _unjudged(form: _Judged) -> Tally:
    return Tally(
        calls=form.calls,
        invalid=form.invalid,
        events=Counter(form.events),
        states={(event, name): list(counts) for event, name, counts in form.states},
        violations={v.violation: Sighting(v.seen.count, v.seen.places) for v in form.violations},
        findings=_untabled(form.findings),
        plans={v.violation: frozenset(v.plans) for v in form.violations},
        standings={plan: list(counts) for plan, counts in form.standings.items()},
    )


def _groups(groups: Groups) -> _Groups:
    return _Groups([(value, _group(group)) for value, group in _sorted(groups.named).items()], _group(groups.others))


def _group(group: Group) -> _Group:
    findings, faults = (list(_sorted(table).items()) for table in (group.findings, group.faults))
    return _Group(group.calls, group.invalid, findings, faults)


def _ungrouped(form: _Group) -> Group:
    return Group(form.calls, form.invalid, Counter(dict(form.findings)), Counter(dict(form.faults)))


def _lines(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(json.dumps(entry) for entry in value) + "\n]"
    return json.dumps(value)


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _broken(path: str, why: str) -> ConfigError:
    return ConfigError([f"{path}: not a profile: {why}; rebuild it with --write-profile"])
