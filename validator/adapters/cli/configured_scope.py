"""Settings of the configuration file for commands about use cases: use cases, catalog and names."""

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
    """The settings of a command with `config_options` and `catalog_option`.

    Attributes:
        inputs: What to read if no path is given; empty if not set.
        exclude: Globs of paths to leave out.
        files: Files read besides calls: the configuration file.
        catalog_path: The folder of the catalog, if it is not the bundled one.
    """

    def __init__(self, ctx: click.Context) -> None:
        # These commands need use cases, so plans do not count.
        self._resolved = ResolvedSettings(gather(ctx).without(("plans",)))
        self.inputs: tuple[str, ...] = self._resolved.value("inputs")
        self.exclude: tuple[str, ...] = self._resolved.value("exclude")
        self.files = (config_file(ctx),)
        self.catalog_path: str | None = self._resolved.value("catalog")

    @cached_property
    def catalog(self) -> Catalog:
        """The catalog of use cases."""
        return self._resolved.catalog or load_catalog(None)

    def refuse_overwriting(self, output: str | None, *read: str | None) -> None:
        """Refuses to overwrite files read besides calls.

        Args:
            output: The output file; None for standard output.
            read: Files read besides the configuration and the catalog.

        Raises:
            UsageError: The output would be read.
        """
        if output is not None:
            from validator.service.output_conflicts import refuse_overwriting  # noqa: PLC0415

            refuse_overwriting([output], [*self.files, *read], self.catalog_path)

    @cached_property
    def names(self) -> Names:
        """The team's own names."""
        return self._resolved.names()

    @property
    def limits(self) -> Limits:
        """The limits that bound memory."""
        return self._resolved.limits

    @property
    def policy(self) -> Policy:
        """Which rules are used, and the severities of their findings."""
        return self._resolved.policy

    def use_case(self, name: str | None) -> tuple[UseCase, ...]:
        """The use case of a name, under every goal that has it; without a name, the only one in the file.

        Raises:
            UsageError: There is none of that name, or the file does not name exactly one.
        """
        if name is not None:
            return self.catalog.find(name)
        if not self._resolved.chosen:
            raise UsageError("name a use case (uclint use-cases lists them), or set `use-cases` in uclint.toml")
        found = self._resolved.use_cases()
        if len({use_case.slug for use_case in found}) > 1:
            origin = next(s.origin for s in map(self._resolved.settings.setting, _KEYS) if s.value)
            raise UsageError(f"{origin} has several use cases; name one of {', '.join(u.id for u in found)}")
        return found
