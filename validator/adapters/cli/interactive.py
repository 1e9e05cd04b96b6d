"""`uclint init` on a terminal: asks for each step in turn, and does what the options would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.adapters.cli.connection_forms import FormContext
from validator.adapters.cli.connection_prompts import ask_destinations, ask_sources
from validator.adapters.cli.output import style
from validator.adapters.cli.prompts import HOW_TO_ANSWER, BackError, Option, Prompts, in_turn
from validator.setup.checklist_messages import DEV_AND_PROD
from validator.setup.state import Env
from validator.setup.transitions import choose, review

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.adapters.cli.setup_file import SetupFile
    from validator.catalog import UseCase
    from validator.setup.state import Mark


class Section(NamedTuple):
    """Questions that belong together.

    Attributes:
        ask: Asks them, starting at the last one if its argument is true; returns whether to go on.
        due: Whether they are to be asked when their turn comes.
        open: Whether `back` may return to them.
    """

    ask: Callable[[bool], bool]
    due: Callable[[], bool]
    open: Callable[[], bool]


class InteractiveSetup:
    """Continues a setup; every answer is saved at once.

    Args:
        file: The setup.
        mark: Who answers, and when.
        color: As for every command.
        env: The environment to connect; None for the one whose turn it is.
    """

    def __init__(self, file: SetupFile, mark: Mark, color: str, env: Env | None = None) -> None:
        self.file = file
        self.mark = mark
        self.env = env
        self.prompts = Prompts(style(color, None))

    def run(self) -> None:
        """Asks until the next step has to be done elsewhere."""
        self.prompts.say(HOW_TO_ANSWER)
        sections = self.sections()
        at, returning = 0, False
        while at < len(sections):
            if not (returning or sections[at].due()):
                at += 1
                continue
            try:
                if not sections[at].ask(returning):
                    return
            except BackError:
                before = [n for n, section in enumerate(sections[:at]) if section.open()]
                if not before:
                    self.prompts.say(self.why_no_way_back())
                at, returning = before[-1] if before else at, True
            else:
                at, returning = at + 1, False

    def sections(self) -> list[Section]:
        """All sections, in their order."""
        found = [
            Section(self.use_case, self.without_use_case, self.changeable),
            Section(self.reviewed, self.changeable, self.changeable),
        ]
        for env in Env:
            found += [self.connections(env, ask_sources), self.connections(env, ask_destinations)]
        return found

    def connections(self, env: Env, questions: Callable[[FormContext, bool], None]) -> Section:
        """The section about the sources, or the destinations, of an environment."""

        def due() -> bool:
            return self.turn() is env and (questions is ask_sources or bool(self.file.setup.env(env).sources))

        def ask(last: bool) -> bool:
            questions(FormContext(self.prompts, self.file, self.mark, env, self.current()), last)
            return True

        return Section(ask, due, due)

    def turn(self) -> Env:
        """The environment to connect now."""
        rollout = self.file.setup.rollout
        return self.env or (Env.PROD if rollout and rollout.dev else Env.DEV)

    def without_use_case(self) -> bool:
        """Whether a use case still has to be chosen."""
        rollout = self.file.setup.rollout
        return rollout is None or rollout.prod is not None

    def changeable(self) -> bool:
        """Whether a use case is chosen, and not reviewed yet."""
        rollout = self.file.setup.rollout
        return rollout is not None and rollout.reviewed is None

    def why_no_way_back(self) -> str:
        """Why `back` is not possible."""
        rollout = self.file.setup.rollout
        if rollout is None or rollout.reviewed is None or rollout.prod is not None:
            return "this is the first question; Ctrl-C stops"
        dev = "uclint init --env dev asks about dev again, " if self.turn() is Env.PROD else ""
        return f"there is no question before this one; {dev}uclint init --reset undoes the review"

    def use_case(self, last: bool) -> bool:
        """Asks for the use case: first its goal, then the use case."""
        goals = self.file.catalog.goals
        before = self.file.use_case() if last else None
        chosen = [self.file.catalog.goal(before.goal)] if before else []

        def ask_goal() -> None:
            self.prompts.say()
            options = [Option(g.name, g.slug, (g.about, f"For example: {'; '.join(g.considerations)}.")) for g in goals]
            chosen[:] = [goals[self.prompts.one("Which goal", options)]]

        def ask_use_case() -> None:
            self.prompts.say()
            known = chosen[0].use_cases
            options = [Option(u.name, u.slug, (u.about,)) for u in known]
            found = known[self.prompts.one("Which use case", options)]
            self.file.save(choose(self.file.setup, found, self.mark))

        in_turn([ask_goal, ask_use_case], last=bool(chosen))
        return True

    def reviewed(self, _last: bool) -> bool:
        """Explains dev and prod, shows all events, and asks whether they are reviewed."""
        from validator.render.catalog import show_text  # noqa: PLC0415

        use_case = self.current()
        self.prompts.say()
        self.prompts.show(show_text([use_case], {use_case.goal: self.file.goal_name()}, self.prompts.style))
        self.prompts.say()
        self.prompts.say(DEV_AND_PROD)
        self.prompts.say()
        self.prompts.say("Once its events are reviewed, the use case is fixed until it is in prod.")
        if not self.prompts.yes(f"Are these the events you will send, {self.mark.by}", default=False):
            return False
        self.file.save(review(self.file.setup, self.mark))
        return True

    def current(self) -> UseCase:
        """The use case that was chosen."""
        use_case = self.file.use_case()
        assert use_case is not None  # noqa: S101 - a section before asks for it
        return use_case
