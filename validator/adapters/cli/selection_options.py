"""Options for which calls are judged, and for breaking counts down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from validator.adapters.cli.shared_options import Share, Whole
from validator.errors import UsageError
from validator.model import CALL_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from validator.catalog.own_names import Names
    from validator.engine.compile.selection import Selection

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
            click.option(
                "--since",
                metavar="TIME",
                help="Judge only calls from this time on: a date, ISO 8601, or how long ago (30m, 12h, 7d, 2w).",
            ),
            click.option(
                "--until",
                metavar="TIME",
                help="Judge only calls before this time, written as for --since; a date includes its day.",
            ),
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


def selection_of(options: Mapping[str, Any], names: Names, now: datetime | None = None) -> Selection:
    """The selection that the options ask for.

    Args:
        options: The options of the command.
        names: The team's own names; an event may be given by its own or its recommended name.
        now: The moment from which times such as `7d` are counted back; by default the present.

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
    since, until = _times(options["since"], options["until"], now)
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


def _times(since: str | None, until: str | None, now: datetime | None) -> tuple[datetime | None, datetime | None]:
    if since is None and until is None:
        return None, None
    from datetime import UTC, datetime  # noqa: PLC0415

    from validator.adapters.cli.times import time_of  # noqa: PLC0415

    now = now or datetime.now(UTC)
    return (
        None if since is None else time_of("--since", since, now),
        None if until is None else time_of("--until", until, now, whole_day=True),
    )
