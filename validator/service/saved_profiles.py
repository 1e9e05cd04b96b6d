"""Saved profiles: checks that they match the run, and adds them to what is read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from validator._version import __version__
from validator.engine.count.profile import Profile
from validator.engine.count.profile_json import SavedProfile
from validator.engine.judge.judge import Judge
from validator.engine.lint import Convention
from validator.errors import UsageError
from validator.input.buckets.names import in_bucket
from validator.input.paths import STDIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from validator.engine.compile.program import Program
    from validator.engine.lint import Pattern
    from validator.model import Limits
    from validator.report.rule_policy import Policy

# Differences named in a message.
_NAMED = 3


class SavedProfiles:
    """The saved profiles of a run.

    Args:
        program: The compiled plans.
        policy: The policy that they were compiled with.
        limits: What bounds memory; the number of places may differ between profiles.
        saved: Profiles of earlier runs, in their order.

    Raises:
        UsageError: One of them was made with different plans or options; the message says what differs.
    """

    def __init__(self, program: Program, policy: Policy, limits: Limits, saved: Sequence[SavedProfile]) -> None:
        self._program = program
        self._limits = limits
        self._saved = saved
        self._made_with = _made_with(program, policy, limits)
        for one in saved:
            _refuse_other(one, self._made_with)
            _refuse_foreign(one, program)

    def total(self, profile: Profile) -> Profile:
        """The saved profiles plus what was read."""
        total = Profile()
        for one in self._saved:
            total = total + one.profile
        total = total + profile
        total.bound(self._limits, self._program, Judge(self._program))
        return total

    def kept(self, profile: Profile, *, partial: bool) -> SavedProfile:
        """A profile in its saved form."""
        return SavedProfile(profile, self._made_with, partial)


def read_profiles(paths: Iterable[str], warn: Callable[[str], None]) -> tuple[SavedProfile, ...]:
    """The profiles of earlier runs, each once.

    Raises:
        UclintError: One cannot be read, or is not a profile.
    """
    found = []
    seen: set[bytes] = set()
    inputs: set[str] = set()
    for path in paths:
        try:
            data = _content(path)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise UsageError(f"cannot read the profile {path}: {why}; write it with --write-profile {path}") from None
        if data in seen:
            warn(f"{path} is named more than once; added once")
            continue
        seen.add(data)
        saved = SavedProfile.parse(data, path)
        for twice in sorted(inputs & {summary.path for summary in saved.profile.inputs}):
            warn(f"{twice} is in {path} and in an earlier profile: its calls count twice if it is the same file")
        inputs |= {summary.path for summary in saved.profile.inputs}
        found.append(saved)
    return tuple(found)


def _content(path: str) -> bytes:
    if not in_bucket(path):
        return Path(path).read_bytes()
    from validator.input.buckets.reading import read_object  # noqa: PLC0415 - few read buckets

    return read_object(path)


def warn_of_repeated(saved: Iterable[SavedProfile], paths: Iterable[str], warn: Callable[[str], None]) -> None:
    """Warns of inputs that are already in a profile."""
    inputs = {summary.path: one.path for one in saved for summary in one.profile.inputs if summary.path != STDIN}
    for path in paths:
        if path in inputs:
            warn(f"{path} is in {inputs[path]} too: its calls count twice if it is the same file")


def _made_with(program: Program, policy: Policy, limits: Limits) -> dict[str, str]:
    """Digests of everything that determines what a profile counts and what its deviations mean."""
    focus = msgspec.to_builtins(program.selection)
    naming = [_naming(policy.naming.events), _naming(policy.naming.properties), policy.naming.dynamic]
    return {
        "uclint": __version__,
        "rules": _digest([sorted(policy.off), sorted(policy.severities.items()), naming, program.unplanned]),
        "calls": _digest([sorted(value) if isinstance(value, list) else value for value in focus.values()]),
        "limits": _digest(limits._replace(places=0)),
        **{f"plan {plan.id}": _digest([plan.to_json(), plan.documents]) for plan in program.plans},
        "own plans": _digest(sorted(program.own)),
    }


def _refuse_other(saved: SavedProfile, now: Mapping[str, str]) -> None:
    then = saved.made_with
    differing = [what for what in dict.fromkeys((*then, *now)) if then.get(what) != now.get(what)]
    if differing:
        named = ", ".join(_DIFFERENCES.get(what, what) for what in differing[:_NAMED])
        more = f" and {len(differing) - _NAMED:,} more" if len(differing) > _NAMED else ""
        raise UsageError(
            f"{saved.path} was made with different plans or options ({named}{more}); use the same ones or rebuild it"
        )


def _refuse_foreign(saved: SavedProfile, program: Program) -> None:
    """Refuses a profile with entries that the plans do not have: it must have been edited by hand."""
    plans = {plan.id for plan in program.plans}
    own = all(plans.issuperset(broken) for _, broken in saved.profile.invalid)
    if not own or not all(program.rules_for(found.table).has(found.places) for found in saved.profile.deviations):
        raise UsageError(f"{saved.path}: it has entries that these plans do not have, so it was edited; rebuild it")


_DIFFERENCES = {
    "uclint": "another version of uclint",
    "rules": "rules, their severities or conventions",
    "calls": "which calls are judged, or --by",
    "limits": "limits",
    "own plans": "which plans are your own",
}


def _naming(written: Convention | Pattern) -> list[Any]:
    if isinstance(written, Convention):
        return [written.form, sorted(written.words), written.prefixes]
    return [written.text]


def _digest(what: Any) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True, default=str).encode()).hexdigest()[:32]
