"""Texts of a checklist: proofs, differences between dev and prod, and steps to do in the Segment app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.report.shares import percent
from validator.setup.state import Env, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.catalog import UseCase
    from validator.setup.evidence import Seen
    from validator.setup.state import Destination, Environment, Mark, Proof, Setup
    from validator.setup.verification import Repeated, Verification

OWNER = "needs a workspace owner"

DEV_AND_PROD = (
    "Dev and prod are two environments, each with sources and destinations of its own. Dev is for the builds you are "
    "working on: their test calls go to test accounts of your tools, and the events are verified there first. Prod is "
    "the live site or app and the real accounts; it is connected once dev is verified, and its own calls prove it."
)
"""The message about environments before the review."""


def marked(what: str, mark: Mark) -> str:
    """A step done by hand, with who did it and when."""
    return f"{what} by {mark.by} on {mark.on}"


def described(entry: Source | Destination) -> str:
    """A source or destination in words."""
    found = f"{entry.name} ({entry.type})"
    if isinstance(entry, Source):
        return found
    called = "" if entry.integration == entry.name else f"; calls name it {entry.integration}"
    return f"{found}, fed by {', '.join(entry.sources)}{called}"


def proven(proof: Proof) -> str:
    """A proof in words: number of calls, their libraries, their period, and the day they were read."""
    number = f"{proof.calls:,} call{'' if proof.calls == 1 else 's'}"
    libraries = f" from {', '.join(proof.libraries)}" if proof.libraries else ""
    span = ""
    if proof.first and proof.last:
        first, last = (f"{at:%Y-%m-%d %H:%M:%S}" for at in (proof.first, proof.last))
        span = f", {first}" if first == last else f", {first} to {last}"
    return f"{number}{libraries}{span} (read on {proof.on})"


def event_lines(verification: Verification) -> Iterator[str]:
    """Each seen event, with the shares of the properties that not all calls have."""
    for event in verification.events:
        report = event.report
        if not report.calls:
            continue
        lacking = [f"{p.name} in {percent(p.share)}" for p in report.properties if 0 < p.share < 1]
        whole = sum(p.share == 1 for p in report.properties)
        parts = [f"{whole} of {len(report.properties)} properties in all"] if report.properties else []
        shares = ", ".join([*parts, *lacking])
        number = f"{report.calls:,} call{'' if report.calls == 1 else 's'}"
        yield f"{report.event}: {number}{_span(event.seen)}" + (f"; {shares}" if shares else "")


def _span(seen: Seen) -> str:
    if seen.first is None or seen.last is None:
        return ""
    return f", {seen.first:%Y-%m-%d %H:%M:%S} to {seen.last:%Y-%m-%d %H:%M:%S}"


def repeated(env: Env, found: Repeated) -> str:
    """That the calls proved the other environment already."""
    other = "prod" if env is Env.DEV else "dev"
    proof = f"the calls that proved {other} (read on {found.proof.on})"
    if found.found is None:
        return f"these look like {proof}: as many, with the same first and last time; they do not prove {env.value}"
    kept = len(found.proof.fingerprints)
    share = "all" if found.found == kept else f"{found.found} of the {kept}"
    return f"among these are {proof}: {share} message ids noted of them are found; they do not prove {env.value}"


def repeated_fix(env: Env) -> str:
    """What to do about it."""
    other = "prod" if env is Env.DEV else "dev"
    return (
        f"read the calls of the {env.value} sources alone: uclint checklist --env {env.value} PATH "
        f"(--exclude leaves out the files of {other})"
    )


def dev_and_prod(setup: Setup, use_case: UseCase, verification: Verification | None) -> Iterator[str]:
    """What is proven in dev and not in prod, once prod has begun."""
    rollout = setup.rollout
    if rollout is None or rollout.dev is None:
        return
    if setup.prod.sources:
        for kind in _proven_types(setup.dev, "sources"):
            if kind in use_case.sources and kind not in _proven_types(setup.prod, "sources"):
                yield f"a {kind} source is proven in dev, and none in prod"
    if setup.prod.destinations:
        for kind in _proven_types(setup.dev, "destinations"):
            if kind in use_case.destinations and kind not in _proven_types(setup.prod, "destinations"):
                yield f"a destination of {kind} is proven in dev, and none in prod"
    if verification is not None and verification.env is Env.PROD:
        for problem in verification.problems:
            yield f"{problem.event} {problem.what} in prod; in dev it was right on {rollout.dev.on}"


def _proven_types(environment: Environment, kind: str) -> dict[str, None]:
    entries = getattr(environment, kind).values()
    return dict.fromkeys(entry.type for entry in entries if entry.seen or entry.confirmed)


def in_app_source(env: Env) -> Iterator[str]:
    """How to create a source in the app."""
    yield (
        f"in the Segment app ({OWNER}): Connections, Sources, Add source; pick the library of your site or app, name "
        f"it so that {env.value} shows in the name, give it the label for the {env.value} environment, and put its "
        f"write key into your {env.value} build"
    )


def in_app_destination(env: Env) -> Iterator[str]:
    """How to create a destination in the app."""
    yield (
        f"in the Segment app ({OWNER}): Connections, Destinations, Add destination; pick the tool, choose the "
        f"{env.value} source that is to feed it, enter the tool's {env.value} credentials, and switch it on"
    )


def in_app_publish() -> Iterator[str]:
    """How to publish a use case in the app."""
    yield (
        f"in the Segment app ({OWNER}): open the use case, go through what is connected for prod once more, publish it "
        "and watch the first calls in the debugger of the prod source"
    )
