"""Asks for the details of one source or one destination, and saves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.adapters.cli.prompts import Option, Prompts, in_turn
from validator.setup.changes import changes
from validator.setup.checklist_messages import described
from validator.setup.connections import add_destination, add_source, check_name, rename
from validator.setup.counterparts import fed_in_prod, names, prod_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeVar

    from validator.adapters.cli.setup_file import SetupFile
    from validator.catalog import UseCase
    from validator.setup.state import Destination, Env, Environment, Mark, Setup, Source

    Entry = TypeVar("Entry", Source, Destination)


class FormContext:
    """What all forms share.

    Args:
        prompts: Asks.
        file: The setup.
        mark: Who answers, and when.
        env: The environment.
        use_case: The current use case.
    """

    def __init__(self, prompts: Prompts, file: SetupFile, mark: Mark, env: Env, use_case: UseCase) -> None:
        self.prompts = prompts
        self.file = file
        self.mark = mark
        self.env = env
        self.use_case = use_case

    @property
    def here(self) -> Environment:
        """The state of the environment."""
        return self.file.setup.env(self.env)

    def name(self, known: Mapping[str, Entry], before: Entry | None, default: str | None) -> tuple[str, Entry | None]:
        """Asks for the name of a source or destination.

        Args:
            known: The entries of its kind.
            before: The entry that is being changed.
            default: What Enter means.

        Returns:
            The name, and the entry that is changed: that of the name, if the user wants that.
        """

        def check(name: str) -> None:
            if name not in known:
                check_name(self.file.setup, name)

        while True:
            name = self.prompts.text("Its name in the workspace", default, check)
            there = known.get(name)
            if there is None or there is before:
                return name, before
            if self.prompts.yes(f"There is {described(there)} already. Change it", default=False):
                return name, there

    def type(self, known: Sequence[str], default: str | None) -> str:
        """Asks for a type."""
        at = known.index(default) if default in known else None
        return known[self.prompts.one("Its type", [Option(name) for name in known], at)]

    def save(self, before: Source | Destination | None, name: str, add: Callable[[Setup], Setup]) -> None:
        """Saves an entry, and reports what a change of it removes."""
        setup = self.file.setup
        if before and before.name != name:
            setup = rename(setup, self.env, before.name, name)
        after = add(setup)
        self.file.save(after)
        here = self.here
        self.prompts.say(
            f"Saved in {self.env.value}: {described(here.sources.get(name) or here.destinations[name])}.", further=2
        )
        for line in changes(setup, after):
            self.prompts.say(line, indent=2, further=4)


class SourceForm:
    """Asks for a source.

    Args:
        context: What it needs.
        before: The source to change; None for a new one.
        like: The source of dev that it is the counterpart of.
    """

    def __init__(self, context: FormContext, before: Source | None = None, like: Source | None = None) -> None:
        self.context = context
        self.before = before
        self.like = like
        self.name = before.name if before else _suggested(context.file.setup, like)
        self.type = before.type if before else like.type if like else None

    def ask(self, *, last: bool = False) -> str:
        """Asks, from the last question if told so, and saves; returns the name."""
        in_turn([self._ask_name] if self.like else [self._ask_name, self._ask_type], last=last)
        name, kind = self.name or "", self.type or ""
        rule = self.like.when if self.like else None
        context = self.context
        context.save(self.before, name, lambda setup: add_source(setup, context.env, name, kind, context.mark, rule))
        return name

    def _ask_name(self) -> None:
        before = self.before
        self.name, self.before = self.context.name(self.context.here.sources, before, self.name)
        if self.before is not None and self.before is not before:
            self.type = self.before.type

    def _ask_type(self) -> None:
        self.type = self.context.type(self.context.use_case.sources, self.type)


class DestinationForm:
    """Asks for a destination; the arguments are those of `SourceForm`."""

    def __init__(
        self, context: FormContext, before: Destination | None = None, like: Destination | None = None
    ) -> None:
        self.context = context
        self.before = before
        self.like = like
        self.name = before.name if before else _suggested(context.file.setup, like)
        self.type = like.type if like else None
        self.integration = like.integration if like else None
        self.sources = tuple(context.here.sources)
        self.fed = tuple(fed_in_prod(context.file.setup, like.sources)) if like else ()
        self._take(before)

    def ask(self, *, last: bool = False) -> str:
        """Asks, from the last question if told so, and saves; returns the name."""
        questions: list[Callable[[], object]] = [self._ask_name]
        if not self.like:
            questions.append(self._ask_type)
        if len(self.sources) > 1:
            questions.append(self._ask_sources)
        in_turn([*questions, self._ask_integration], last=last)
        name, kind, integration = self.name or "", self.type or "", self.integration
        fed = self.fed if len(self.sources) > 1 else self.sources
        context = self.context
        context.save(
            self.before,
            name,
            lambda setup: add_destination(setup, context.env, name, kind, fed, integration, context.mark),
        )
        return name

    def _take(self, before: Destination | None) -> None:
        """Makes the current values of a destination the default answers."""
        if before:
            self.type, self.integration, self.fed = before.type, before.integration, before.sources

    def _ask_name(self) -> None:
        before = self.before
        self.name, self.before = self.context.name(self.context.here.destinations, before, self.name)
        if self.before is not before:
            self._take(self.before)

    def _ask_type(self) -> None:
        self.type = self.context.type(self.context.use_case.destinations, self.type)

    def _ask_sources(self) -> None:
        chosen = self.context.prompts.several(
            "The sources that feed it, separated by commas",
            [Option(source) for source in self.sources],
            [self.sources.index(source) for source in self.fed],
        )
        self.fed = tuple(self.sources[at] for at in chosen)

    def _ask_integration(self) -> None:
        self.integration = self.context.prompts.text(
            "Its name in `integrations` of calls", self.integration or self.name
        )


def _suggested(setup: Setup, like: Source | Destination | None) -> str | None:
    """A name for the counterpart of an entry of dev."""
    return prod_name(like.name, names(setup)) if like else None
