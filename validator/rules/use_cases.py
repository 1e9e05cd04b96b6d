"""UC1xx: what a use case recommends and the events lack."""

from __future__ import annotations

from validator.model import Severity
from validator.rules.model import Rule, Sentence

RULES = (
    Rule(
        code="UC101",
        name="recommended-event-missing",
        severity=Severity.WARNING,
        summary="An event that the use case recommends never occurs.",
        says=Sentence("{event} is recommended, and was never seen."),
        why=(
            "A use case is built on its events. Audiences and journeys that wait for an event that is never sent "
            "stay empty, without any warning."
        ),
        fix=(
            "Send the event where it happens. If it is sent under another name, rename it: names match exactly, "
            "capitals and spaces included (NM401 finds the near ones). If it is only rare, check a longer period."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Trial Started", "properties": {"category": "team"}}\n',
        good="""\
{"type": "track", "userId": "u-1", "event": "Trial Started", "properties": {"category": "team"}}
{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {}}
""",
    ),
    Rule(
        code="UC102",
        name="recommended-property-missing",
        severity=Severity.WARNING,
        summary="Calls of a recommended event lack a property that the use case recommends.",
        says=Sentence(
            "{event}: {name} is recommended, and missing{end}", "{event}: {name} are recommended, and missing{end}"
        ),
        why=(
            "Properties define audiences and fill in messages. A call without one drops its user from the "
            "audience, or leaves a gap in the message."
        ),
        fix=(
            "Add the property to every call of the event, spelled as recommended. If the value is unknown, leave the "
            "property out and accept the warning: null is a wrong type (TP202), and an invented value misleads."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Trial Started", "properties": {"plan": "monthly"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Trial Started", "properties": {"plan": "monthly", "category": "team"}}\n',
    ),
    Rule(
        code="UC103",
        name="recommended-source-not-seen",
        severity=Severity.WARNING,
        summary="No call comes from a source that is set up, or from any type of source that the use case recommends.",
        says=Sentence(
            "no call comes from {names}, which is set up",
            "no call comes from {names}, which are set up",
            special={"types": "no call comes from a recommended source type: one of {types}"},
        ),
        why=(
            "A source that is set up but sends nothing usually means a forgotten write key or a build that was "
            "not shipped. People who use only that site or app are missing from every audience."
        ),
        fix=(
            "Send calls through the source. Its type is recognised by `context.library.name`, else by "
            "`context.channel`; if neither identifies it, give the source a rule `when` in the setup file. "
            "Checked with `uclint check --sources ENV`."
        ),
        bad='{"type": "track", "event": "Trial Started", "context": {"library": {"name": "analytics-python"}}}\n',
        good='{"type": "track", "event": "Trial Started", "context": {"library": {"name": "analytics.js"}}}\n',
    ),
    Rule(
        code="UC104",
        name="recommended-destination-not-seen",
        severity=Severity.WARNING,
        summary="No call selects a destination that is set up.",
        says=Sentence("no call selects {names}, which is set up", "no call selects {names}, which are set up"),
        why=(
            "Calls that select destinations by name go to no others. A misspelt name causes no error anywhere: "
            "the calls just never arrive."
        ),
        fix=(
            "Name the destination in `integrations` as Segment spells it, or select none, so that calls go to "
            "every connected destination; then confirm it with `uclint checklist --done NAME`. Checked with "
            "`uclint check --sources ENV`."
        ),
        bad='{"type": "track", "event": "Trial Started", "integrations": {"All": false, "mixpanel": true}}\n',
        good='{"type": "track", "event": "Trial Started", "integrations": {"All": false, "Mixpanel": true}}\n',
    ),
)
