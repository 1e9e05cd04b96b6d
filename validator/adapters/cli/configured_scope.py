"""What the configuration file says that commands about use cases heed: which ones, whence, and under which names."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from validator.adapters.cli.settings import config_file, gather
from validator.adapters.cli.shared_options import load_catalog
from validator.errors import UsageError
from validator.service.resolved_settings import ResolvedSettings

if TYPE_CHECKING:
    import click

    from validator.catalog import Catalog, UseCase
    from validator.catalog.own_names import Names
    from validator.model import Limits
    from validator.report.rule_policy import Policy

_KEYS = ("use-cases", "goals")


class ConfiguredScope:
    """What is in force for a command with `config_options` and `catalog_option`.

    Attributes:
        inputs: What to read if no path is given; empty where the file says nothing.
        exclude: What is left out of that.
        files: What is read besides calls: the configuration file.
        catalog_path: The folder of the catalog, if it is not the bundled one.
    """

    def __init__(self, ctx: click.Context) -> None:
        # Use cases are wanted here, whatever plans there are beside them.
        self._force = ResolvedSettings(gather(ctx).without(("plans",)))
        self.inputs: tuple[str, ...] = self._force.value("inputs")
        self.exclude: tuple[str, ...] = self._force.value("exclude")
        self.files = (config_file(ctx),)
        self.catalog_path: str | None = self._force.value("catalog")

    @cached_property
    def catalog(self) -> Catalog:
        """Where use cases come from."""
        return self._force.catalog or load_catalog(None)

    def refuse_overwriting(self, output: str | None, *read: str | None) -> None:
        """Refuses to write over what is read besides calls.

        Args:
            output: Where the output goes; None for standard output.
            read: What is read besides the configuration and the catalog.

        Raises:
            UsageError: The output would be read.
        """
        if output is not None:
            from validator.service.output_conflicts import refuse_overwriting  # noqa: PLC0415

            refuse_overwriting([output], [*self.files, *read], self.catalog_path)

    @cached_property
    def names(self) -> Names:
        """The team's own names."""
        return self._force.names()

    @property
    def limits(self) -> Limits:
        """What bounds memory."""
        return self._force.limits

    @property
    def policy(self) -> Policy:
        """Which rules are used, and how bad what they find is."""
        return self._force.policy

    def use_case(self, name: str | None) -> tuple[UseCase, ...]:
        """The use case of a name, under every goal that has it; without a name, the only one that the file chooses.

        Raises:
            UsageError: There is none of that name, or the file chooses none, or several.
        """
        if name is not None:
            return self.catalog.find(name)
        if not self._force.chosen:
            raise UsageError("name a use case (uclint use-cases lists them), or set `use-cases` in uclint.toml")
        found = self._force.use_cases()
        if len({use_case.slug for use_case in found}) > 1:
            origin = next(s.origin for s in map(self._force.settings.setting, _KEYS) if s.value)
            raise UsageError(f"{origin} chooses several use cases; name one of {', '.join(u.id for u in found)}")
        return found
