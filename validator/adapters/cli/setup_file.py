"""The setup file of a command: read once, written whole, never overwriting somebody else's change."""

from __future__ import annotations

import datetime
import getpass
from typing import TYPE_CHECKING, Any

import click

from validator.errors import UsageError
from validator.setup.state import FILE, Mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.catalog import Catalog, UseCase
    from validator.setup.state import Setup

    Decorator = Callable[[Any], Any]

file_option: Decorator = click.option(
    "--file", "path", metavar="FILE", default=FILE, show_default=True, help="The setup file."
)
by_option: Decorator = click.option("--by", metavar="NAME", help="Who does it. Default: your login name.")
on_option: Decorator = click.option(
    "--on", metavar="DAY", type=click.DateTime(["%Y-%m-%d"]), help="The day it was done. Default: today."
)


class SetupFile:
    """The setup in a file; saves changes.

    Attributes:
        saved: Whether a change was saved.
    """

    def __init__(self, path: str, catalog: Catalog) -> None:
        from validator.setup.read_setup import read_setup  # noqa: PLC0415

        self.path = path
        self.catalog = catalog
        self.saved = False
        self.setup, self._text = read_setup(path, self._names)

    @property
    def _names(self) -> list[str]:
        return [use_case.id for use_case in self.catalog.use_cases]

    def use_case(self) -> UseCase | None:
        """The current use case."""
        rollout = self.setup.rollout
        return self.catalog.find(rollout.use_case)[0] if rollout else None

    def goal_name(self) -> str:
        """The name of its goal."""
        use_case = self.use_case()
        return self.catalog.goal(use_case.goal).name if use_case else ""

    def save(self, setup: Setup) -> bool:
        """Writes the setup if it changed; returns whether it did.

        Raises:
            UsageError: The file was changed by somebody else in the meantime.
        """
        from validator.adapters.cli.output import write  # noqa: PLC0415
        from validator.setup.read_setup import text_of  # noqa: PLC0415
        from validator.setup.write_setup import write_setup  # noqa: PLC0415

        if setup == self.setup:
            return False
        text = write_setup(setup)
        if text_of(self.path) != self._text:
            raise UsageError(f"{self.path} was changed by somebody else in the meantime; run this again")
        write(text, self.path)
        self.setup, self._text, self.saved = setup, text, True
        return True


def mark_of(by: str | None, on: datetime.datetime | None) -> Mark:
    """Who does something, and when."""
    if by is not None and not by.strip():
        raise UsageError("--by needs a name")
    return Mark(day_of(on), by.strip() if by else _login())


def day_of(on: datetime.datetime | None) -> datetime.date:
    """The day given, else today."""
    return on.date() if on else datetime.datetime.now(datetime.UTC).astimezone().date()


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        raise UsageError("the login has no name; add --by NAME") from None
