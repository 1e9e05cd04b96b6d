"""SP3xx: calls that are not as Segment's spec has them."""

from __future__ import annotations

from validator.model import Severity
from validator.rules import segment_values
from validator.rules.model import Rule, Sentence

RULES = (
    Rule(
        code="SP301",
        name="unknown-call-type",
        severity=Severity.WARNING,
        summary="The call's `type` is missing, or is not track, page, screen, identify, group or alias.",
        says=Sentence(
            "{count} call has no type that Segment knows (track, page, screen, identify, group, alias).",
            "{count} calls have no type that Segment knows (track, page, screen, identify, group, alias).",
        ),
        why=(
            "The type decides what a call is. A call of an unknown type counts as no event, so it is missing from"
            " every use case and plan."
        ),
        fix=(
            "Set `type` to one of the six, in lower case. If the lines are not Segment calls (logs, or rows "
            "exported from a warehouse), convert them first or leave the file out."
        ),
        bad='{"type": "event", "userId": "u-1", "event": "Subscription Started", "properties": {}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {}}\n',
    ),
    Rule(
        code="SP302",
        name="call-type-case",
        severity=Severity.WARNING,
        summary="The call's `type` has the wrong case, such as `Track`.",
        says=Sentence(
            "{count} call has the type in another case; it was accepted, but Segment's libraries write it in lower case.",
            "{count} calls have the type in another case; it was accepted, but Segment's libraries write it in lower case.",
        ),
        why=(
            "Segment writes types in lower case, and code that reads the calls compares them that way. uclint "
            "accepts the call; later consumers may ignore it."
        ),
        fix="Write the type in lower case where the call is made.",
        bad='{"type": "Track", "userId": "u-1", "event": "Subscription Started", "properties": {}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {}}\n',
    ),
    Rule(
        code="SP303",
        name="no-usable-id",
        severity=Severity.WARNING,
        summary="The call has no `userId` or `anonymousId` that is text or a number; empty text and 0 do not count.",
        says=Sentence(
            "{count} call has no usable userId or anonymousId.", "{count} calls have no usable userId or anonymousId."
        ),
        why="Segment rejects a call without an id. It is counted nowhere, and added to no profile.",
        fix=(
            "Set `userId` for a known user, else `anonymousId`; Segment's libraries do that. A server that calls "
            "the API itself has to pass on the id that the browser or the app has."
        ),
        bad='{"type": "track", "userId": null, "event": "Subscription Started", "properties": {}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {}}\n',
    ),
    Rule(
        code="SP304",
        name="track-without-event",
        severity=Severity.WARNING,
        summary="A track call has no `event`, or one that is empty or not text.",
        says=Sentence("{count} track call has no event.", "{count} track calls have no event."),
        why=(
            "Only the event name says what happened. Without one, the call is rejected, or belongs to no event of"
            " any use case or plan."
        ),
        fix="Name the event. If the call records a page view, send a page call.",
        bad='{"type": "track", "userId": "u-1", "properties": {"plan": "monthly"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"plan": "monthly"}}\n',
    ),
    Rule(
        code="SP305",
        name="group-without-group-id",
        severity=Severity.WARNING,
        summary="A group call has no `groupId`, or one that is null or empty.",
        says=Sentence("{count} group call has no groupId.", "{count} group calls have no groupId."),
        why="A group call puts a user into a group; without the group's id, it puts the user nowhere.",
        fix="Send the id of the company or account as `groupId`; its name belongs in `traits`.",
        bad='{"type": "group", "userId": "u-1", "traits": {"name": "Initech"}}\n',
        good='{"type": "group", "userId": "u-1", "groupId": "g-1", "traits": {"name": "Initech"}}\n',
    ),
    Rule(
        code="SP306",
        name="alias-without-previous-id",
        severity=Severity.WARNING,
        summary="An alias call has no `previousId`, or one that is null or empty.",
        says=Sentence("{count} alias call has no previousId.", "{count} alias calls have no previousId."),
        why=(
            "An alias call says that two ids are the same person. With only one id it has no effect, and the two "
            "histories stay separate."
        ),
        fix="Send the id that the user had before as `previousId`, and the new one as `userId`.",
        bad='{"type": "alias", "userId": "u-1"}\n',
        good='{"type": "alias", "userId": "u-1", "previousId": "a-1"}\n',
    ),
    Rule(
        code="SP307",
        name="call-too-large",
        severity=Severity.WARNING,
        summary="The call is larger than Segment's limit of 32 KB, not counting white space.",
        says=Sentence("{count} call is larger than 32 KB.", "{count} calls are larger than 32 KB."),
        why="Segment rejects the call, and the library that sent it does not notice: the batch as a whole is accepted.",
        fix=(
            "Send an id or a link instead of the content: no documents, pictures or endless lists. (In the "
            "example, `<x*40000>` stands for that many x.)"
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"contract": "<x*40000>"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"contract": "C-1001"}}\n',
    ),
    Rule(
        code="SP308",
        name="message-id-missing",
        severity=Severity.WARNING,
        summary="The call has no `messageId`.",
        says=Sentence("{count} call has no messageId.", "{count} calls have no messageId."),
        why="Segment uses it to detect duplicates. A call without one that is resent after an error is counted twice.",
        fix=(
            "Segment's libraries set it. If you call the API directly, send a random id with each call, and the "
            "same one on a retry. Calls written by hand rarely have one, so this rule is off unless selected."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "messageId": "m-1", "properties": {}}\n',
        on=False,
    ),
    Rule(
        code="SP309",
        name="message-id-too-long",
        severity=Severity.WARNING,
        summary="The call's `messageId` is longer than 100 characters.",
        says=Sentence(
            "{count} call has a messageId of more than 100 characters.",
            "{count} calls have a messageId of more than 100 characters.",
        ),
        why=(
            "Segment keeps at most 100. The part that is cut off may be what made the id unique; calls are then "
            "dropped as duplicates."
        ),
        fix=(
            "Use a UUID. If the id consists of several parts, send a hash of them. Off unless selected, since "
            "checking each id takes time."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "messageId": "<x*101>", "properties": {}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "messageId": "m-1", "properties": {}}\n',
        on=False,
    ),
    Rule(
        code="SP310",
        name="message-id-repeated",
        severity=Severity.WARNING,
        summary="Several calls have the same `messageId`.",
        says=Sentence(
            "{count} call repeats the messageId of an earlier one{sampled}.",
            "{count} calls repeat the messageId of an earlier one{sampled}.",
        ),
        why=(
            "Either calls were sent twice, and are counted twice unless something removes duplicates, or "
            "different calls share an id and Segment drops all but the first."
        ),
        fix=(
            "If the calls are equal, find what sends, exports or reads them twice. If they differ, create an id "
            "for each call. Beyond 32,768 ids only a sample of ids is checked, with all their calls, and the "
            "finding says so. Off unless selected."
        ),
        bad="""\
{"type": "track", "userId": "u-1", "event": "Subscription Started", "messageId": "m-1", "properties": {}}
{"type": "track", "userId": "u-1", "event": "Subscription Started", "messageId": "m-1", "properties": {}}
""",
        good="""\
{"type": "track", "userId": "u-1", "event": "Subscription Started", "messageId": "m-1", "properties": {}}
{"type": "track", "userId": "u-1", "event": "Subscription Started", "messageId": "m-2", "properties": {}}
""",
        on=False,
    ),
    *segment_values.RULES,
)
