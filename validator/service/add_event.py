"""Adds the draft of an event to a plan file; the rest of its text stays unchanged."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from validator.errors import PlanError, UsageError
from validator.plan import TrackingPlan, read_plan
from validator.plan.formats import uclint as our_yaml
from validator.plan.read import read_texts

if TYPE_CHECKING:
    from validator.service.draft_event import Drafted

_ENTRY = re.compile(r"( *)- ")


def with_event(draft: Drafted, path: str | None) -> str:
    """The text of a plan with a draft: the file's with one more event, or a new plan's.

    Args:
        draft: The draft.
        path: The file to write; None for a new plan.

    Raises:
        UsageError: The event cannot be added to the file.
        PlanError: The file is not a plan.
    """
    if path is None or not Path(path).exists():
        return _head(draft, "") + _written(draft)
    loaded = read_plan(path)
    event = draft.rule.key
    if any(rule.type == "TRACK" and rule.key == event for rule in loaded.plan.rules):
        raise UsageError(f"{path} has the event {event!r} already")
    if loaded.format != "uclint":
        raise UsageError(
            f"{path} is a plan of the format {loaded.format}, and only our own YAML can be added to: convert it first "
            f"with `uclint convert {path} --to uclint -o plan.yaml`, or leave out -o to see the entry"
        )
    text = Path(path).read_text("utf-8")
    added = text.rstrip("\n") + "\n" + _entry(draft, text)
    try:
        rules = read_texts(path, {Path(path).name: added}).plan.rules
    except PlanError:
        rules = ()
    if len(rules) != len(loaded.plan.rules) + 1:
        raise UsageError(
            f"{path} does not end with its list of events, so the entry cannot be put there; leave out -o to see it"
        )
    return added


def _entry(draft: Drafted, text: str) -> str:
    """The entry as text to append to a list of events, indented like the list."""
    lines = _written(draft).partition("events:\n")[2].splitlines()
    found = [match[1] for line in text.partition("events:")[2].splitlines() if (match := _ENTRY.match(line))]
    indent = found[0] if found else "  "
    own = re.match(" *", lines[0])
    width = len(own[0]) if own else 0
    return _head(draft, indent) + "".join(f"{indent}{line[width:]}\n" for line in lines)


def _head(draft: Drafted, indent: str) -> str:
    calls = f"{draft.calls:,} call{'' if draft.calls == 1 else 's'}"
    return f"{indent}# Drafted from {calls}. Describe it, and check which properties are required.\n"


def _written(draft: Drafted) -> str:
    (text,) = our_yaml.write(TrackingPlan("Draft", "Draft", (draft.rule,))).files.values()
    return text
