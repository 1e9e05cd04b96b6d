"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from click.shell_completion import CompletionItem

    from validator.catalog import Catalog

    Decorator = Callable[[Any], Any]

catalog_option: Decorator = click.option(
    "--catalog",
    "catalog_path",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Read goals, use cases and events from the plan files in this directory instead of the bundled ones.",
)
color_option: Decorator = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour; auto follows the terminal, NO_COLOR and FORCE_COLOR.",
)
output_option: Decorator = click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write there instead of standard output; a file appears whole or not at all.",
)
exclude_option: Decorator = click.option(
    "--exclude",
    "excluded",
    multiple=True,
    metavar="GLOB",
    help="Do not read this: the name of a file or folder anywhere, such as '*.gz', or with a slash a "
    "path, such as 'logs/**/old'. Repeatable.",
)
listing_format: Decorator = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output format."
)


class Share(click.FloatRange):
    """A number in a range; nan is in no range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number."""
        try:
            number = super().convert(value, param, ctx)
        except click.BadParameter:
            number = float("nan")
        if number != number:  # noqa: PLR0124 - nan
            wanted = f"above {self.min} and at most {self.max}" if self.min_open else f"from {self.min} to {self.max}"
            self.fail(f"{value!r} is not a number {wanted}, such as 0.1.", param, ctx)
        return number


class Whole(click.IntRange):
    """A whole number in a range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            most = "" if self.max is None else f" to {self.max:,}"
            self.fail(f"{value!r} is not a whole number from {self.min}{most}.", param, ctx)


class Errors(click.ParamType[str]):
    """A number of errors, or a share of them in percent."""

    name = "errors"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Checks the text and returns it."""
        from validator.model import MaxErrors  # noqa: PLC0415

        try:
            MaxErrors.parse(value)
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)
        return value


def load_catalog(directory: Path | None) -> Catalog:
    """The catalog of a directory; None for the bundled one."""
    from validator.catalog import Catalog  # noqa: PLC0415

    return Catalog.load(directory)


def complete_use_case(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Use cases by bare slug, and by `goal/use-case` once there is a slash."""
    names = {(u.id if "/" in incomplete else u.slug): u.name for u in load_catalog(None).use_cases}
    return _items(names.items(), incomplete)


def complete_goal(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Goals by slug."""
    return _items(((g.slug, g.name) for g in load_catalog(None).goals), incomplete)


def complete_rule(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Rules by code."""
    from validator.rules import RULES  # noqa: PLC0415

    return _items(((code, rule.name) for code, rule in RULES.items()), incomplete.upper())


def _items(names: Iterable[tuple[str, str]], incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - only a shell asks

    return [CompletionItem(name, help=text) for name, text in names if name.startswith(incomplete)]
