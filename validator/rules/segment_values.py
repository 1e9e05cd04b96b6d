"""SP311 and on: values of calls that Segment reads, such as times and reserved properties."""

from __future__ import annotations

from validator.model import Severity
from validator.rules.model import Rule, Sentence

RULES = (
    Rule(
        code="SP311",
        name="timestamp-missing",
        severity=Severity.WARNING,
        summary="The call has no `timestamp`.",
        says=Sentence("{count} call has no timestamp.", "{count} calls have no timestamp."),
        why=(
            "Without it, a call is dated by its arrival. Calls that a phone sends when it is online again end up "
            "on the wrong day."
        ),
        fix=(
            "Archives always have it, since Segment adds it on arrival; so this rule is off unless selected. In "
            "your own export, keep `timestamp`, not only the time of loading."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {}}\n',
        good='{"type": "identify", "userId": "u-1", "timestamp": "2024-03-01T08:00:04Z"}\n',
        on=False,
    ),
    Rule(
        code="SP312",
        name="unreadable-time",
        severity=Severity.WARNING,
        summary="A time of the call (`timestamp`, `sentAt`, ...) is not ISO 8601 text.",
        says=Sentence(
            "{count} call has no ISO 8601 time as its {what}.", "{count} calls have no ISO 8601 time as their {what}."
        ),
        why=(
            "Segment and warehouses read ISO 8601. Anything else, such as seconds since 1970, becomes the current"
            " time, null or a date in 1970."
        ),
        fix=(
            "Send times as `2024-03-01T08:00:04.900Z`; in JavaScript, `date.toISOString()`. Off unless selected, "
            "since parsing each time takes time."
        ),
        bad='{"type": "identify", "userId": "u-1", "timestamp": 1709280004}\n',
        good='{"type": "identify", "userId": "u-1", "timestamp": "2024-03-01T08:00:04Z"}\n',
        on=False,
    ),
    Rule(
        code="SP313",
        name="time-out-of-order",
        severity=Severity.WARNING,
        summary="`timestamp` is over a day after `receivedAt` (or the current time), or over two days before it.",
        says=Sentence(
            "{count} call has a timestamp of over a day after its arrival, or over two days before it.",
            "{count} calls have a timestamp of over a day after their arrival, or over two days before it.",
        ),
        why=(
            "A call dated in the future, or long ago, is counted on the wrong day. Usually a device's clock is "
            "wrong, or a time zone was added twice."
        ),
        fix=(
            "Leave `timestamp` to Segment, which corrects wrong clocks with `sentAt`. Calls that are loaded later"
            " on purpose (a backfill) are fine: ignore the rule for them. Off unless selected."
        ),
        bad='{"type": "identify", "userId": "u-1", "timestamp": "2031-03-01", "receivedAt": "2024-03-01"}\n',
        good='{"type": "identify", "userId": "u-1", "timestamp": "2024-03-01", "receivedAt": "2024-03-01"}\n',
        on=False,
    ),
    Rule(
        code="SP314",
        name="reserved-property-type",
        severity=Severity.WARNING,
        summary="A property that Segment reserves has another JSON type, such as `revenue` as text. Null passes.",
        says=Sentence(
            "{count} call has the reserved property {what} in a type that destinations do not expect.",
            "{count} calls have the reserved property {what} in a type that destinations do not expect.",
        ),
        why="Destinations process these properties: they add up `revenue`, and cannot add up text.",
        fix=(
            "Send `revenue` and `value` as numbers, `currency` as text; in page calls `keywords` as a list, and "
            "`name`, `path`, `referrer`, `search`, `title` and `url` as text. If a plan states the type of the "
            "property, the plan decides (TP202)."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"revenue": "9.99"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"revenue": 9.99}}\n',
    ),
    Rule(
        code="SP315",
        name="unknown-currency",
        severity=Severity.WARNING,
        summary="`currency` of a track call is not an ISO 4217 code, such as `USD`.",
        says=Sentence(
            "{count} call has a currency that is not an ISO 4217 code, such as USD.",
            "{count} calls have a currency that is not an ISO 4217 code, such as USD.",
        ),
        why="Destinations convert amounts by the code. They treat unknown codes as US dollars, or drop the amount.",
        fix="Send the three capital letters of the currency: `EUR`, not `€`, `eur` or `Euro`.",
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"revenue": 9.99, "currency": "Euro"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"revenue": 9.99, "currency": "EUR"}}\n',
    ),
    Rule(
        code="SP316",
        name="payload-not-an-object",
        severity=Severity.WARNING,
        summary="`properties` of an event that no plan has, or `traits`, is not an object.",
        says=Sentence(
            "{count} call has {what} that are not an object.", "{count} calls have {what} that are not an object."
        ),
        why="Anything other than an object has no properties: its content is lost on the way, or the call is rejected.",
        fix=(
            "Send an object, or `{}` if there are no properties. Text that looks like JSON was encoded twice: "
            "encode it once."
        ),
        bad="""\
{"type": "identify", "userId": "u-1", "traits": "{\\"plan\\": \\"monthly\\"}"}
""",
        good='{"type": "identify", "userId": "u-1", "traits": {"plan": "monthly"}}\n',
    ),
    Rule(
        code="SP317",
        name="traits-only-in-context",
        severity=Severity.WARNING,
        summary="An identify call has its traits only in `context.traits`.",
        says=Sentence(
            "{count} identify call has its traits in the context only.",
            "{count} identify calls have their traits in the context only.",
        ),
        why=(
            "Traits of an identify call are read from `traits`. `context.traits` describes the user of other "
            "calls, and most destinations ignore it here."
        ),
        fix=(
            "Send them as `traits`. Some of Segment's libraries write them to the context too, and some only "
            "there; so this rule is off unless selected."
        ),
        bad='{"type": "identify", "userId": "u-1", "context": {"traits": {"plan": "monthly"}}}\n',
        good='{"type": "identify", "userId": "u-1", "traits": {"plan": "monthly"}, "context": {"traits": {"plan": "monthly"}}}\n',
        on=False,
    ),
)
