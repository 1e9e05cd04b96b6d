"""Asks for the sources and destinations of an environment, one after another."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from validator.adapters.cli.connection_forms import DestinationForm, SourceForm
from validator.adapters.cli.prompts import BackError, in_turn
from validator.setup.checklist_messages import described, in_app_destination, in_app_source
from validator.setup.connections import check_env
from validator.setup.counterparts import destinations_to_offer, sources_to_offer
from validator.setup.state import Env

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from validator.adapters.cli.connection_forms import FormContext


def ask_sources(context: FormContext, last: bool) -> None:
    """Asks for the sources of an environment; `last`: from the last question."""
    setup, wanted = context.file.setup, context.use_case.sources
    check_env(setup, context.env)
    _introduce(context, in_app_source(context.env), context.here.sources)
    offers = [like for like in sources_to_offer(setup) if like.type in wanted] if context.env is Env.PROD else []
    _Several(context, "source", lambda: context.here.sources, SourceForm).ask(offers, last=last)


def ask_destinations(context: FormContext, last: bool) -> None:
    """Asks for the destinations of an environment, which has sources; `last`: from the last question."""
    setup, wanted = context.file.setup, context.use_case.destinations
    check_env(setup, context.env)
    _introduce(context, in_app_destination(context.env), context.here.destinations)
    offers = [like for like in destinations_to_offer(setup) if like.type in wanted] if context.env is Env.PROD else []
    _Several(context, "destination", lambda: context.here.destinations, DestinationForm).ask(offers, last=last)


def _introduce(context: FormContext, how: Iterable[str], known: Mapping[str, Any]) -> None:
    """Lists the existing entries; if there are none, explains how to create one."""
    context.prompts.say()
    for line in [f"there is {described(entry)}" for entry in known.values()] or how:
        context.prompts.say(f"{line[0].upper()}{line[1:]}.")


class _Several:
    """Asks for entries until there are no more.

    Args:
        context: What it needs.
        kind: `source` or `destination`.
        known: The existing entries.
        form: Asks for one.
    """

    def __init__(
        self, context: FormContext, kind: str, known: Callable[[], Mapping[str, Any]], form: Callable[..., Any]
    ) -> None:
        self.context = context
        self.kind = kind
        self.known = known
        self.form = form

    def ask(self, offers: Iterable[Any], *, last: bool) -> None:
        """Asks for counterparts of those of dev, then for others."""
        in_turn([*map(self._offer, offers), self._others], last=last)

    def _offer(self, like: Any) -> Callable[[], None]:
        given: list[str] = []

        def question() -> None:
            while True:
                before = self.known().get(given[0]) if given else None
                if before is None:
                    go = self.context.prompts.yes(
                        f"Dev has {described(like)}. Connect one like it in prod", default=True
                    )
                else:
                    go = self.context.prompts.yes(f"Prod has {described(before)} now. Change it", default=False)
                if not go:
                    return
                with suppress(BackError):
                    given[:] = [self.form(self.context, before, like).ask()]
                    return

        return question

    def _others(self) -> None:
        added: list[str] = []
        where = f"{self.context.env.value} {self.kind}"
        while True:
            question = f"Another {where}" if self.known() else f"Do you have a {where} to add"
            before = None
            try:
                if not self.context.prompts.yes(question, default=not self.known()):
                    return
            except BackError:
                if not added:
                    raise
                before = self.known()[added.pop()]
            with suppress(BackError):
                added.append(self.form(self.context, before).ask(last=before is not None))
