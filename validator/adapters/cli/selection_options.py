"""Options for which calls are judged, and for breaking counts down."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from validator.adapters.cli.shared_options import Share, Whole
from validator.errors import UsageError
from validator.model import CALL_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from validator.catalog.own_names import Names
    from validator.engine.compile.selection import Selection

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_FIELDS = 8


def call_selection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options; `selection_of` reads them."""
    for option in reversed(
        (
            click.option(
                "--by",
                multiple=True,
                metavar="FIELD",
                help="Break counts and findings down by a field, such as context.app.version, or by @day, @file or "
                "@folder. Repeatable.",
            ),
            click.option(
                "--event",
                "events",
                multiple=True,
                metavar="EVENT",
                help="Judge only calls of this event. Repeatable.",
            ),
            click.option(
                "--type",
                "types",
                multiple=True,
                type=click.Choice([*CALL_TYPES, "unknown"]),
                help="Judge only calls of this type. Repeatable.",
            ),
            click.option("--since", metavar="TIME", help="Judge only calls from this time on (ISO 8601)."),
            click.option("--until", metavar="TIME", help="Judge only calls before this time; a date includes its day."),
            click.option("--limit", type=Whole(0), metavar="N", help="Judge only the first N of these calls."),
            click.option(
                "--sample",
                type=Share(0, 1, min_open=True),
                metavar="SHARE",
                help="Judge only this share of calls, such as 0.1, chosen by a hash of the messageId.",
            ),
        )
    ):
        command = option(command)
    return command


def selection_of(options: Mapping[str, Any], names: Names) -> Selection:
    """The selection that the options ask for.

    Args:
        options: The options of the command.
        names: The team's own names; an event may be given by its own or its recommended name.

    Raises:
        UsageError: A time or a field cannot be read.
    """
    from validator.engine.compile.selection import Selection  # noqa: PLC0415

    by = tuple(dict.fromkeys(options["by"]))
    if wrong := [field for field in by if not all(field.split("."))]:
        raise UsageError(
            f"--by {wrong[0]!r} is not a valid field: write keys separated by dots, such as context.app.version"
        )
    if len(by) > _MOST_FIELDS:
        raise UsageError(f"--by takes at most {_MOST_FIELDS} fields")
    since, until = _time("--since", options["since"]), _time("--until", options["until"], whole=True)
    if since and until and since >= until:
        raise UsageError(f"--since {options['since']} is after --until {options['until']}")
    return Selection(
        by=by,
        events=frozenset(options["events"]).union(*map(names.of_event, options["events"])),
        types=frozenset(options["types"]),
        since=since,
        until=until,
        sample=1.0 if options["sample"] is None else options["sample"],
        limit=options["limit"],
    )


def _time(option: str, text: str | None, *, whole: bool = False) -> datetime | None:
    """Parses a time; a date means its start, or the end of its day."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError as error:
        raise UsageError(
            f"{option} {text!r} is not a valid time; write a date such as 2024-03-01, or 2024-03-01T08:00:00Z"
        ) from error
    try:
        return found + timedelta(days=1) if whole and _DATE.fullmatch(text) else found
    except OverflowError:  # there is no later day
        return datetime.max.replace(tzinfo=UTC)
