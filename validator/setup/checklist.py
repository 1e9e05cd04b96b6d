"""The steps from a goal to prod: each with its proof, or with what is missing and how to fix it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from validator.setup.checklist_messages import (
    dev_and_prod,
    event_lines,
    in_app_publish,
    marked,
    proven,
    repeated,
    repeated_fix,
)
from validator.setup.missing import destination_fixes, destinations_missing, source_fixes, sources_missing
from validator.setup.state import Env, Setup
from validator.setup.transitions import prove

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from validator.catalog import UseCase
    from validator.setup.state import Destination, Rollout, Source
    from validator.setup.verification import Verification


class Status(StrEnum):
    """The status of a step.

    LAPSED: it was proven before, but the calls read now do not prove it.
    WAITING: a step before it comes first.
    """

    DONE = "done"
    OPEN = "open"
    LAPSED = "lapsed"
    WAITING = "waiting"


class Step(msgspec.Struct, frozen=True):
    """One step.

    Attributes:
        id: Its permanent name.
        env: The environment it is about, if it is about one.
        title: What to do.
        status: Its status.
        proof: What shows it.
        missing: What is still missing.
        fix: What to do, one action a line.
    """

    id: str
    env: Env | None
    title: str
    status: Status
    proof: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the next step may start."""
        return self.status is Status.DONE


class Checklist(msgspec.Struct, frozen=True):
    """All steps of the current use case.

    Attributes:
        use_case: The use case; None where none is chosen.
        goal_name: The name of its goal.
        steps: The steps, in order.
        observed: The environment whose calls were read.
        in_prod: Other use cases that are verified in prod, with the day.
        compared: What is proven in dev and not in prod.
    """

    use_case: UseCase | None
    goal_name: str
    steps: tuple[Step, ...]
    observed: Env | None = None
    in_prod: tuple[tuple[str, str], ...] = ()
    compared: tuple[str, ...] = ()

    @property
    def next(self) -> Step | None:
        """The first step that is not done."""
        return next((step for step in self.steps if not step.done), None)

    def settled(self, env: Env) -> bool:
        """Whether all steps of an environment, and those that come before, are done."""
        last = max(n for n, step in enumerate(self.steps) if step.env is env)
        return all(step.done for step in self.steps[: last + 1])


def record_verification(setup: Setup, use_case: UseCase, verification: Verification) -> Setup:
    """Records what calls prove. Verified events count only once the steps before are done."""
    setup = prove(setup, verification.env, verification.sources, verification.destinations, None)
    before = {step.id: step.done for step in checklist(setup, use_case, "").steps}
    if not before[_LAST_BEFORE[verification.env]]:
        return setup
    return prove(setup, verification.env, {}, {}, verification.verified)


_LAST_BEFORE = {Env.DEV: "dev-destinations", Env.PROD: "published"}


def checklist(
    setup: Setup, use_case: UseCase | None, goal_name: str, verification: Verification | None = None
) -> Checklist:
    """Builds the checklist of a setup.

    Args:
        setup: The setup, in which `verification` is recorded already.
        use_case: Its use case; None where none is chosen.
        goal_name: The name of the goal.
        verification: What the calls read now prove, if any were read.
    """
    steps = _Steps(setup, use_case, verification)
    rollout = setup.rollout
    done = tuple((c.use_case, f"{c.prod.on}") for c in setup.rollouts if c.prod is not None and c is not rollout)
    compared = tuple(dev_and_prod(setup, use_case, verification)) if use_case else ()
    return Checklist(
        use_case, goal_name, tuple(steps.all()), verification.env if verification else None, done, compared
    )


class _Steps:
    def __init__(self, setup: Setup, use_case: UseCase | None, verification: Verification | None) -> None:
        self.setup = setup
        self.use_case = use_case
        self.verification = verification
        self.rollout: Rollout | None = setup.rollout
        self.ready = True  # all steps so far are done

    def all(self) -> Iterator[Step]:
        yield self.choose()
        yield self.review()
        yield self.sources(Env.DEV)
        yield self.destinations(Env.DEV)
        yield self.verified(Env.DEV)
        yield self.sources(Env.PROD)
        yield self.destinations(Env.PROD)
        yield self.published()
        yield self.verified(Env.PROD)

    def step(
        self,
        id_: str,
        env: Env | None,
        title: str,
        *,
        done: bool,
        lapsed: bool = False,
        proof: Iterable[str] = (),
        missing: Iterable[str] = (),
        fix: Iterable[str] = (),
    ) -> Step:
        """A step; its status depends on the steps added before it."""
        status = Status.DONE
        if not self.ready:
            status = Status.WAITING
        elif lapsed:
            status = Status.LAPSED
        elif not done:
            status = Status.OPEN
        self.ready = self.ready and (status is Status.DONE or status is Status.LAPSED)
        waits = status is Status.WAITING
        if waits and not (self.verification and self.verification.env is env):
            missing = ()
        return Step(
            id_,
            env,
            title,
            status,
            tuple(proof),
            tuple(missing),
            tuple(fix) if not waits and (lapsed or not done) else (),
        )

    def choose(self) -> Step:
        proof = [f"{self.rollout.use_case}, {marked('chosen', self.rollout.chosen)}"] if self.rollout else []
        return self.step(
            "choose",
            None,
            "Choose a use case",
            done=self.rollout is not None,
            proof=proof,
            fix=[
                "uclint recommend PATH ranks them by what you send already",
                "uclint init -u GOAL/USE_CASE chooses one",
            ],
        )

    def review(self) -> Step:
        mark = self.rollout.reviewed if self.rollout else None
        name = self.rollout.use_case if self.rollout else "USE_CASE"
        return self.step(
            "review",
            None,
            "Review its events",
            done=mark is not None,
            proof=[marked("reviewed", mark)] if mark else [],
            fix=[
                f"read them with those who send them: uclint show {name}",
                "then uclint init --reviewed --by NAME; the use case is fixed from then on",
            ],
        )

    def sources(self, env: Env) -> Step:
        known = self.setup.env(env).sources.values()
        wanted = self.use_case.sources if self.use_case else ()
        now = self.verification if self.verification and self.verification.env is env else None
        connected = [s for s in known if s.type in wanted and (s.seen or s.confirmed)]
        here = [s for s in connected if s.confirmed or not now or s.name in now.sources]
        types = ", ".join(wanted)
        return self.step(
            f"{env.value}-sources",
            env,
            f"Connect a {env.value} source, one of {types}" if types else f"Connect a {env.value} source",
            done=bool(connected),
            lapsed=bool(connected) and not here,
            proof=[line for s in known for line in _source_proof(s)],
            missing=list(sources_missing(self.setup, self.use_case, env, now)),
            fix=source_fixes(self.setup, env, now),
        )

    def destinations(self, env: Env) -> Step:
        known = self.setup.env(env).destinations.values()
        wanted = self.use_case.destinations if self.use_case else ()
        now = self.verification if self.verification and self.verification.env is env else None
        connected = [d for d in known if d.type in wanted and (d.seen or d.confirmed)]
        here = [d for d in connected if d.confirmed or not now or d.name in now.destinations]
        return self.step(
            f"{env.value}-destinations",
            env,
            f"Connect {env.value} destinations, of {', '.join(wanted)}"
            if wanted
            else f"Connect {env.value} destinations",
            done=bool(connected),
            lapsed=bool(connected) and not here,
            proof=[line for d in known for line in _destination_proof(d)],
            missing=list(destinations_missing(self.setup, self.use_case, env, now)),
            fix=destination_fixes(self.setup, env, now),
        )

    def verified(self, env: Env) -> Step:
        proof = getattr(self.rollout, env.value) if self.rollout else None
        now = self.verification if self.verification and self.verification.env is env else None
        lines = [f"verified in {env.value}: {proven(proof)}"] if proof else []
        problems = [f"{p.event} {p.what}" for p in now.problems] if now else []
        fixes = [p.fix for p in now.problems] if now else []
        if now and now.repeated:
            problems, fixes = [repeated(env, now.repeated)], [repeated_fix(env)]
        unseen = [] if now or proof else [f"no calls of {env.value} were read yet"]
        return self.step(
            f"{env.value}-verified",
            env,
            f"Verify the events in {env.value}",
            done=proof is not None,
            lapsed=proof is not None and bool(problems),
            proof=[*lines, *(event_lines(now) if now else ())],
            missing=[*unseen, *problems],
            fix=dict.fromkeys(fixes or [f"uclint checklist --env {env.value} PATH reads its calls"]),
        )

    def published(self) -> Step:
        mark = self.rollout.published if self.rollout else None
        return self.step(
            "published",
            Env.PROD,
            "Publish to prod",
            done=mark is not None,
            proof=[marked("published", mark)] if mark else [],
            fix=[*in_app_publish(), "then uclint checklist --done published --by NAME"],
        )


def _source_proof(source: Source) -> Iterator[str]:
    if source.seen:
        yield f"{source.name} ({source.type}): {proven(source.seen)}"
    if source.confirmed:
        yield f"{source.name} ({source.type}): {marked('confirmed by hand', source.confirmed)}"


def _destination_proof(entry: Destination) -> Iterator[str]:
    fed = f"{entry.name} ({entry.type}), fed by {', '.join(entry.sources)}"
    if entry.seen:
        yield f"{fed}: {entry.integration} is selected by {proven(entry.seen)}"
    if entry.confirmed:
        yield f"{fed}: {marked('confirmed by hand', entry.confirmed)}"
