"""What is set and cannot be meant: told before anything is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from validator.errors import ConfigError, UsageError
from validator.syntax.text import absence

if TYPE_CHECKING:
    from validator.config.settings import Settings


def refuse_absent_plans(settings: Settings) -> None:
    """Refuses plans of a configuration file that are not there. Of those of options, reading them says so.

    Raises:
        ConfigError: With the place of each in the file.
    """
    setting = settings.setting("plans")
    named = zip(setting.value, setting.elements, strict=False)
    found = [(origin, path, absence(Path(path))) for path, origin in named if origin.kind == "file"]
    mistakes = [f"{origin}: {path}: {stop.message}; {stop.help}" for origin, path, stop in found if stop]
    if mistakes:
        raise ConfigError(mistakes)


def refuse_lone_tolerance(settings: Settings) -> None:
    """Refuses the option of a tolerance without a baseline. In a file it may wait for a baseline of an option.

    Raises:
        UsageError: There is none.
    """
    given = settings.setting("baseline.tolerance").origin.kind == "option"
    if given and settings.value("baseline.file") is None:
        raise UsageError("--baseline-tolerance needs the baseline it is about: add --baseline FILE")
