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
            "Without it, a call counts for the moment at which it arrived. What a phone sends when it is online again "
            "lands on the wrong day."
        ),
        fix=(
            "Archives always have it, and Segment adds it to what arrives; so this rule is on only where it is "
            "selected. In an export of your own, keep `timestamp`, not only the moment of loading."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {}}\n',
        good='{"type": "identify", "userId": "u-1", "timestamp": "2024-03-01T08:00:04Z"}\n',
        on=False,
    ),
    Rule(
        code="SP312",
        name="unreadable-time",
        severity=Severity.WARNING,
        summary="A time of the call (`timestamp`, `sentAt`, ...) is no ISO 8601 text.",
        says=Sentence(
            "{count} call has no ISO 8601 time as its {what}.", "{count} calls have no ISO 8601 time as their {what}."
        ),
        why=(
            "Segment and warehouses read ISO 8601. Of anything else, such as seconds since 1970, they make the "
            "present, null or a date in 1970."
        ),
        fix=(
            "Send times as `2024-03-01T08:00:04.900Z`; in JavaScript, `date.toISOString()`. On only where it is "
            "selected, since reading each time takes time."
        ),
        bad='{"type": "identify", "userId": "u-1", "timestamp": 1709280004}\n',
        good='{"type": "identify", "userId": "u-1", "timestamp": "2024-03-01T08:00:04Z"}\n',
        on=False,
    ),
    Rule(
        code="SP313",
        name="time-out-of-order",
        severity=Severity.WARNING,
        summary="`timestamp` is over a day after `receivedAt` (else: the present), or over two days before it.",
        says=Sentence(
            "{count} call has a timestamp of over a day after its arrival, or over two days before it.",
            "{count} calls have a timestamp of over a day after their arrival, or over two days before it.",
        ),
        why=(
            "A call from the future, or from long ago, counts for a day on which nobody looks for it. Most often a "
            "device's clock is wrong, or a time zone was added twice."
        ),
        fix=(
            "Leave `timestamp` to Segment, which corrects wrong clocks by `sentAt`. Calls that are loaded later on "
            "purpose (a backfill) are fine: ignore the rule for them. On only where it is selected."
        ),
        bad='{"type": "identify", "userId": "u-1", "timestamp": "2031-03-01", "receivedAt": "2024-03-01"}\n',
        good='{"type": "identify", "userId": "u-1", "timestamp": "2024-03-01", "receivedAt": "2024-03-01"}\n',
        on=False,
    ),
    Rule(
        code="SP314",
        name="reserved-property-type",
        severity=Severity.WARNING,
        summary="A property that Segment reserves is of another JSON type, such as `revenue` as text. Null passes.",
        says=Sentence(
            "{count} call has the reserved property {what} in a type that destinations do not expect.",
            "{count} calls have the reserved property {what} in a type that destinations do not expect.",
        ),
        why=(
            "Destinations know these properties and do something with them: they add up `revenue`, and cannot add up "
            "text."
        ),
        fix=(
            "Send `revenue` and `value` as numbers, `currency` as text; of page calls `keywords` as a list, `name`, "
            "`path`, `referrer`, `search`, `title` and `url` as text. Where a plan types the property, the plan "
            "judges (TP202)."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"revenue": "9.99"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"revenue": 9.99}}\n',
    ),
    Rule(
        code="SP315",
        name="unknown-currency",
        severity=Severity.WARNING,
        summary="`currency` of a track call is no code of ISO 4217, such as `USD`.",
        says=Sentence(
            "{count} call has a currency that is no code of ISO 4217, such as USD.",
            "{count} calls have a currency that is no code of ISO 4217, such as USD.",
        ),
        why="Destinations convert by the code. What they do not know they take for US dollars, or drop.",
        fix="Send the three capital letters of the currency: `EUR`, not `€`, `eur` or `Euro`.",
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"revenue": 9.99, "currency": "Euro"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"revenue": 9.99, "currency": "EUR"}}\n',
    ),
    Rule(
        code="SP316",
        name="payload-not-an-object",
        severity=Severity.WARNING,
        summary="`properties` of an event that no plan knows, or `traits`, is no object.",
        says=Sentence("{count} call has {what} that are no object.", "{count} calls have {what} that are no object."),
        why="What is no object has no properties: whatever it holds is lost on the way, or the call is refused.",
        fix=(
            "Send an object, `{}` if there is nothing to say. Text that looks like JSON was encoded twice: encode it "
            "once."
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
        summary="An identify call has its traits in `context.traits` only.",
        says=Sentence(
            "{count} identify call has its traits in the context only.",
            "{count} identify calls have their traits in the context only.",
        ),
        why=(
            "Traits of an identify call are read from `traits`. What stands in the context describes the user of "
            "other calls, and most destinations pass it over here."
        ),
        fix=(
            "Send them as `traits`. Some libraries of Segment's write them into the context too, and some only there; "
            "so this rule is on only where it is selected."
        ),
        bad='{"type": "identify", "userId": "u-1", "context": {"traits": {"plan": "monthly"}}}\n',
        good='{"type": "identify", "userId": "u-1", "traits": {"plan": "monthly"}, "context": {"traits": {"plan": "monthly"}}}\n',
        on=False,
    ),
)
