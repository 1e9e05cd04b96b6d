"""What sources and destinations of an environment lack in a checklist, and how to fix it."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from validator.setup.checklist_messages import in_app_destination, in_app_source, repeated, repeated_fix
from validator.setup.counterparts import destination_options, source_options
from validator.setup.evidence import Routing
from validator.setup.libraries import DETECTED_BY_LIBRARY
from validator.setup.spellings import other_spellings
from validator.setup.state import Env

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.catalog import UseCase
    from validator.setup.evidence import Evidence
    from validator.setup.state import Destination, Setup
    from validator.setup.verification import Verification


def sources_missing(setup: Setup, use_case: UseCase | None, env: Env, now: Verification | None) -> Iterator[str]:
    """What the sources of an environment lack.

    Args:
        setup: The setup.
        use_case: The current use case.
        env: The environment.
        now: What its calls prove, if any were read.
    """
    if now and now.repeated:
        yield repeated(now.env, now.repeated)
        return
    known = setup.env(env).sources.values()
    wanted = use_case.sources if use_case else ()
    if not known:
        yield f"no {env.value} source is set up"
    for source in known:
        if source.type not in wanted:
            yield f"{source.name} is of the type {source.type}, which this use case does not recommend"
        elif now and source.name not in now.sources and not source.confirmed:
            before = f" (they were on {source.seen.on})" if source.seen else ""
            yield f"calls of {source.name} ({source.type}) are not among those read{before}"
        elif not (source.seen or source.confirmed):
            yield f"{source.name} ({source.type}) is set up, but no calls from it were seen yet"
    if now:
        named = {s.type for s in known}
        for kind, seen in now.evidence.types().items():
            if kind in wanted and kind not in named:
                yield f"{seen.calls:,} calls come from a {kind} library, but no {kind} source is set up"


def source_fixes(setup: Setup, env: Env, now: Verification | None) -> Iterator[str]:
    """What to do for its sources."""
    if now and now.repeated:
        yield repeated_fix(env)
        return
    known = setup.env(env).sources.values()
    if not known:
        yield from in_app_source(env)
        yield from _ways_to_add(env, "--source NAME TYPE", source_options(setup))
        return
    for source in known:
        if source.seen and not now:
            continue
        if source.when or source.type in DETECTED_BY_LIBRARY:
            yield f"send calls through {source.name}, then uclint checklist --env {env.value} PATH"
        else:
            yield (
                f"no library identifies calls of {source.type}: confirm it by hand, uclint checklist --done "
                f"{quote(source.name)} --by NAME, or give it a rule: uclint init --env {env.value} --when "
                f"{quote(source.name)} POINTER TEXT"
            )


def destinations_missing(setup: Setup, use_case: UseCase | None, env: Env, now: Verification | None) -> Iterator[str]:
    """What its destinations lack; the arguments are those of `sources_missing`."""
    if now and now.repeated:
        yield repeated(now.env, now.repeated)
        return
    known = setup.env(env).destinations.values()
    wanted = use_case.destinations if use_case else ()
    if not known:
        yield f"no {env.value} destination is set up"
    for entry in known:
        if entry.type not in wanted:
            yield f"{entry.name} is of the type {entry.type}, which this use case does not recommend"
        elif now and entry.name not in now.destinations:
            yield from _not_proven(entry, now.evidence)
        elif not (entry.seen or entry.confirmed):
            yield f"{entry.name} ({entry.type}) is set up, but no call selecting {entry.integration} was seen yet"
        if now:
            for name, calls in other_spellings(setup.env(env), entry, now.evidence):
                yield (
                    f"{calls:,} call{' selects' if calls == 1 else 's select'} {name}, another spelling of "
                    f"{entry.integration} ({entry.name}); Segment matches names exactly"
                )


def destination_fixes(setup: Setup, env: Env, now: Verification | None) -> Iterator[str]:
    """What to do for its destinations."""
    if now and now.repeated:
        yield repeated_fix(env)
        return
    known = setup.env(env).destinations.values()
    if not known:
        yield from in_app_destination(env)
        yield from _ways_to_add(env, "--destination NAME TYPE SOURCE", destination_options(setup))
    for entry in known:
        for name, _ in other_spellings(setup.env(env), entry, now.evidence) if now else ():
            yield (
                f"if its name in the Segment app is {name}: uclint init --env {env.value} --integration "
                f"{quote(entry.name)} {quote(name)}; if it is {entry.integration}, write it so in the calls"
            )
        yield (
            f'select it in calls, "integrations": {{"{entry.integration}": true}}, or check {entry.name} in '
            f"the app and confirm it: uclint checklist --done {quote(entry.name)} --by NAME"
        )


def _ways_to_add(env: Env, option: str, of_dev: str) -> Iterator[str]:
    """The commands that add an entry, and for prod those that add what dev has."""
    yield f"uclint init --env {env.value} {option} adds it"
    if env is Env.PROD and of_dev:
        yield f"or, as in dev, with the names they have in prod: uclint init --env prod {of_dev}"


def _not_proven(entry: Destination, evidence: Evidence) -> Iterator[str]:
    """Why calls do not prove a destination."""
    _, default, excluded_calls = evidence.reaches(entry.integration)
    named = evidence.destinations.get(entry.integration, Routing())
    if default and not entry.confirmed:
        yield (
            f"no call selects {entry.integration} by name; {default:,} go to every connected destination, which does "
            f"not tell whether {entry.name} is one"
        )
    if excluded_calls:
        refused = f", {named.refused:,} of them by name" if named.refused else ""
        yield f"{excluded_calls:,} calls do not go to {entry.integration}{refused}"
    if not (evidence.all.calls or entry.confirmed):
        yield f"no call that selects {entry.integration} was read"
