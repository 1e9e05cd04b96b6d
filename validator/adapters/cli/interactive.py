"""`uclint init` on a terminal: asks for each step in turn, and does what the options would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from validator.adapters.cli.output import style
from validator.errors import UsageError
from validator.setup.state import Env
from validator.setup.transitions import add_destination, add_source, choose, review

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from validator.adapters.cli.setup_file import SetupFile
    from validator.catalog import UseCase
    from validator.setup.state import Mark, Setup


class InteractiveSetup:
    """Continues a setup; every answer is saved at once.

    Args:
        file: The setup.
        mark: Who answers, and when.
        color: As for every command.
    """

    def __init__(self, file: SetupFile, mark: Mark, color: str) -> None:
        self.file = file
        self.mark = mark
        self.style = style(color, None)

    def run(self) -> Setup:
        """Asks until the next step has to be done elsewhere; returns the setup."""
        rollout = self.file.setup.rollout
        if rollout is None or rollout.prod is not None:
            self.keep(choose(self.file.setup, self.use_case(), self.mark))
        use_case = self.file.use_case()
        assert use_case is not None  # noqa: S101 - chosen above
        rollout = self.file.setup.rollout
        if rollout and rollout.reviewed is None and not self.reviewed(use_case):
            return self.file.setup
        for env in Env:
            if env is Env.PROD and not (self.file.setup.rollout and self.file.setup.rollout.dev):
                break
            self.connect(env, use_case)
        return self.file.setup

    def keep(self, setup: Setup) -> None:
        """Saves a step."""
        self.file.save(setup)

    def say(self, text: str) -> None:
        """Prints text; event data in it is escaped."""
        click.echo(text, nl=not text.endswith("\n"))

    def use_case(self) -> UseCase:
        """Asks for the use case: first its goal, then the use case."""
        from validator.render.catalog import goals_text  # noqa: PLC0415

        goals = self.file.catalog.goals
        self.say(goals_text(goals, self.style))
        goal = goals[self.number("Which goal", [g.name for g in goals])]
        self.say("")
        for number, entry in enumerate(goal.use_cases, 1):
            self.say(f"{number:>3}. {self.style.text(f'{entry.name}: {entry.about}')}")
        return goal.use_cases[self.number("Which use case", [u.name for u in goal.use_cases], shown=True)]

    def reviewed(self, use_case: UseCase) -> bool:
        """Shows all events and asks whether they are reviewed."""
        from validator.render.catalog import show_text  # noqa: PLC0415

        self.say("")
        self.say(show_text([use_case], {use_case.goal: self.file.goal_name()}, self.style))
        self.say("Once its events are reviewed, the use case is fixed until it is in prod.")
        if not click.confirm(f"Are these the events you will send, {self.style.text(self.mark.by)}?"):
            return False
        self.keep(review(self.file.setup, self.mark))
        return True

    def connect(self, env: Env, use_case: UseCase) -> None:
        """Asks for the sources and destinations of an environment, if it has none yet."""
        from validator.setup.checklist_messages import in_app_destination, in_app_source  # noqa: PLC0415

        if not self.file.setup.env(env).sources:
            self.several(f"{env.value} source", in_app_source(env), lambda: self.source(env, use_case))
        if self.file.setup.env(env).sources and not self.file.setup.env(env).destinations:
            self.several(f"{env.value} destination", in_app_destination(env), lambda: self.destination(env, use_case))

    def several(self, what: str, how: object, ask: Callable[[], Setup]) -> None:
        """Asks for entries until there are no more."""
        self.say("")
        for line in how if hasattr(how, "__iter__") else ():
            self.say(self.style.text(str(line)))
        question = f"Do you have a {what} to add"
        while click.confirm(question, default=True):
            try:
                self.keep(ask())
            except UsageError as error:
                self.say(self.style.text(str(error)))
            question = f"Another {what}"

    def source(self, env: Env, use_case: UseCase) -> Setup:
        """Asks for a source."""
        name = self.text("Its name in the workspace")
        kind = use_case.sources[self.number("Its type", use_case.sources)]
        return add_source(self.file.setup, env, name, kind, self.mark)

    def destination(self, env: Env, use_case: UseCase) -> Setup:
        """Asks for a destination."""
        name = self.text("Its name in the workspace")
        kind = use_case.destinations[self.number("Its type", use_case.destinations)]
        sources = list(self.file.setup.env(env).sources)
        fed = sources[self.number("The source that feeds it", sources)] if len(sources) > 1 else sources[0]
        integration = self.text("Its name in `integrations` of calls", default=name)
        return add_destination(self.file.setup, env, name, kind, [fed], integration, self.mark)

    def text(self, question: str, default: str | None = None) -> str:
        """A line of text."""
        return str(click.prompt(question, default=default)).strip()

    def number(self, question: str, options: Sequence[str], *, shown: bool = False) -> int:
        """Asks for one of several options; returns its index."""
        if not shown:
            for number, option in enumerate(options, 1):
                self.say(f"{number:>3}. {self.style.text(option)}")
        return int(click.prompt(question, type=click.IntRange(1, len(options)))) - 1
