"""The options of `uclint init` for sources and destinations."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from validator.errors import UsageError

if TYPE_CHECKING:
    from validator.setup.state import Env, Mark, Setup


class Connections(NamedTuple):
    """The options, each as often as it was given.

    Attributes:
        sources: Name and type.
        rules: Name of a source, JSON pointer and text.
        destinations: Name, type, and sources separated by commas.
        integrations: Name of a destination, and its name in calls.
        gone_sources: Names of sources to remove.
        gone_destinations: Names of destinations to remove.
    """

    sources: tuple[tuple[str, str], ...]
    rules: tuple[tuple[str, str, str], ...]
    destinations: tuple[tuple[str, str, str], ...]
    integrations: tuple[tuple[str, str], ...]
    gone_sources: tuple[str, ...]
    gone_destinations: tuple[str, ...]

    def apply(self, setup: Setup, env: Env, mark: Mark) -> Setup:
        """The setup with all of them applied.

        Sources are removed last, so that their destinations can be fed from others, or removed, by the same command.
        """
        from validator.setup.connections import remove_destination, remove_source  # noqa: PLC0415

        added = (*self.sources, *self.rules, *self.destinations, *self.integrations)
        if twice := {name for name, *_ in added} & {*self.gone_sources, *self.gone_destinations}:
            raise UsageError(f"{min(twice)} is both removed and added; to change it, leave the removal out")
        for name in dict.fromkeys(self.gone_destinations):
            setup = remove_destination(setup, env, name)
        setup = self._with_destinations(self._with_sources(setup, env, mark), env, mark)
        for name in dict.fromkeys(self.gone_sources):
            setup = remove_source(setup, env, name, mark)
        return setup

    def __bool__(self) -> bool:
        return any(self[:])

    def _with_sources(self, setup: Setup, env: Env, mark: Mark) -> Setup:
        from validator.setup.connections import add_source  # noqa: PLC0415

        when: dict[str, dict[str, list[str]]] = {}
        for name, pointer, text in self.rules:
            when.setdefault(name, {}).setdefault(pointer, []).append(text)
        for name, kind in self.sources:
            setup = add_source(setup, env, name, kind, mark, when.pop(name, None))
        for name, rule in when.items():
            source = setup.env(env).sources.get(name)
            if source is None:
                raise UsageError(
                    f"--when {name}: {env.value} has no source of that name, and there is no --source of it"
                )
            setup = add_source(setup, env, name, source.type, mark, rule)
        return setup

    def _with_destinations(self, setup: Setup, env: Env, mark: Mark) -> Setup:
        from validator.setup.connections import add_destination  # noqa: PLC0415

        called = dict(self.integrations)
        for name, kind, fed in self.destinations:
            names = [part.strip() for part in fed.split(",") if part.strip()]
            setup = add_destination(setup, env, name, kind, names or [fed], called.pop(name, None), mark)
        for name, integration in called.items():
            entry = setup.env(env).destinations.get(name)
            if entry is None:
                raise UsageError(
                    f"--integration {name}: {env.value} has no destination of that name, and there is no --destination "
                    "of it"
                )
            setup = add_destination(setup, env, name, entry.type, entry.sources, integration, mark)
        return setup
