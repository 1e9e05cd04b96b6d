"""Rejects contradictory settings before any input is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validator.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from validator.config.settings import Setting, Settings
    from validator.report.rule_policy import Policy


_NARROWING = {
    "events": "--event",
    "types": "--type",
    "since": "--since",
    "until": "--until",
    "limit": "--limit",
    "sample": "--sample",
}


# Options that need each line, or the calls of one run in order.
_OF_ONE_RUN = {
    "valid": "--valid",
    "invalid": "--invalid",
    "rejects": "--rejects",
    "violations": "--violations",
    "show_values": "--show-values",
    "environment": "--sources",
    "limit": "--limit",
}


def refuse_narrow_baseline(options: Mapping[str, Any]) -> None:
    """Refuses to write a baseline of some of the calls."""
    narrowed = [flag for name, flag in _NARROWING.items() if options[name] not in (None, ())]
    if options["write_baseline"] and narrowed:
        raise UsageError(
            f"--write-baseline and {', '.join(narrowed)} do not go together: of the calls that are left out, nobody "
            "would know what is wrong"
        )


def refuse_line_options_with_profiles(options: Mapping[str, Any]) -> None:
    """Refuses options that need the lines of one run when profiles of others are added."""
    if options["write_profile"] == "":
        raise UsageError("--write-profile was given an empty name")
    if not (options["profiles"] or options["write_profile"]):
        return
    own = "--profile" if options["profiles"] else "--write-profile"
    wrong = [
        flag
        for name, flag in _OF_ONE_RUN.items()
        if options[name] is not None and options[name] is not False and (name == "limit" or options["profiles"])
    ]
    if wrong:
        raise UsageError(f"{own} and {', '.join(wrong)} do not go together: a profile has counts, but no lines")


def refuse_absent_plans(settings: Settings) -> None:
    """Refuses plans of a configuration file that do not exist. Plans of options are checked when read.

    Raises:
        ConfigError: With the place of each in the file.
    """
    setting = settings.setting("plans")
    named = zip(setting.value, setting.elements, strict=False)
    of_file = [(origin, path) for path, origin in named if origin.kind == "file"]
    if not of_file:
        return
    from validator.syntax.read_text import absence  # noqa: PLC0415 - few files name plans

    found = [(origin, path, absence(Path(path))) for origin, path in of_file]
    mistakes = [f"{origin}: {path}: {stop.message}; {stop.help}" for origin, path, stop in found if stop]
    if mistakes:
        raise ConfigError(mistakes)


def refuse_lone_tolerance(settings: Settings) -> None:
    """Refuses --baseline-tolerance without a baseline. In a file it is fine: an option may add the baseline."""
    given = settings.setting("baseline.tolerance").origin.kind == "option"
    if given and settings.value("baseline.file") is None:
        raise UsageError("--baseline-tolerance needs a baseline: add --baseline FILE")


def idle_severities(settings: Settings, policy: Policy) -> Iterator[str]:
    """Warns of severities without effect: all rules that they name are off unless selected.

    No warning where that is intended: for ignored rules, and for those of a file where options select others.
    """
    from validator.report.rule_policy import OFF, codes  # noqa: PLC0415
    from validator.rules import DEFAULT  # noqa: PLC0415

    select = settings.setting("rules.select")
    ignored = {code for selector in settings.value("rules.ignore") for code in codes(selector)}
    for (selector,), setting in settings.table("rules.severity").items():
        named = set(codes(selector))
        narrowed = select.origin.kind == "option" and setting.origin.kind == "file"
        if setting.value != OFF and not narrowed and not named & (policy.on | DEFAULT | ignored):
            yield _idle(selector, setting, (*select.value, selector), several=len(named) > 1)


def _idle(selector: str, setting: Setting, select: Sequence[str], *, several: bool) -> str:
    off, them = ("none of these rules is on", "them") if several else ("the rule is off", "it")
    if setting.origin.kind == "option":
        options = " ".join(f"--select {one}" for one in select)
        return f"{setting.origin} {selector}={setting.value} changes nothing: {off}; {options} turns {them} on"
    line = f"select = {json.dumps(select, ensure_ascii=False)}"
    return f"{setting.origin}: the severity of {selector} changes nothing: {off}; `{line}` in `rules` turns {them} on"
