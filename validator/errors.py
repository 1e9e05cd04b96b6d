"""Exceptions of uclint. Bad events never raise: they become findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.model import Diagnostic


class UclintError(Exception):
    """uclint could not do what was asked. The message is for the user and says what to do."""


class UsageError(UclintError):
    """The request is invalid or contradictory, such as an unknown use case."""


class ConfigError(UclintError):
    """A configuration file cannot be used.

    Args:
        mistakes: At least one mistake, each with its file, line and column.
    """

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


class PlanError(UclintError):
    """A plan file cannot be used.

    Args:
        diagnostics: At least one mistake, each with its file, line and column.
    """

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(d) for d in self.diagnostics))


class SchemaError(UclintError):
    """A plan rule's schema requires something that cannot be tested.

    Args:
        code: The rule of the PL6xx family.
        where: The path of keys in the schema.
        message: What is wrong.
        help: What to do about it.
    """

    def __init__(self, code: str, where: Sequence[str | int], message: str, help: str) -> None:  # noqa: A002
        self.code = code
        self.where = tuple(where)
        self.help = help
        super().__init__(message)


class OutputError(UclintError):
    """A report could not be written (a full disk, a directory that is not there)."""


class SetupError(UclintError):
    """The file of a guided setup cannot be used.

    Args:
        mistakes: At least one mistake, each as `file:line:column: message`.
    """

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))
