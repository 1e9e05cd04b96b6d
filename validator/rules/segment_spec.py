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
        summary="The call has no `type`, or none of track, page, screen, identify, group and alias.",
        says=Sentence(
            "{count} call has no type that Segment knows (track, page, screen, identify, group, alias).",
            "{count} calls have no type that Segment knows (track, page, screen, identify, group, alias).",
        ),
        why=(
            "The type decides what a call is. A call of an unknown type counts as no event at all, so what it reports "
            "is missing from every use case and plan."
        ),
        fix=(
            "Set `type` to one of the six, in lower case. If the lines are no Segment calls (logs, or rows exported "
            "from a warehouse), convert them first or leave the file out."
        ),
        bad='{"type": "event", "userId": "u-1", "event": "Subscription Started", "properties": {}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {}}\n',
    ),
    Rule(
        code="SP302",
        name="call-type-case",
        severity=Severity.WARNING,
        summary="The call's `type` is right but for its case, such as `Track`.",
        says=Sentence(
            "{count} call has the type in another case; it was taken as meant, but Segment's libraries write it in lower case.",
            "{count} calls have the type in another case; it was taken as meant, but Segment's libraries write it in lower case.",
        ),
        why=(
            "Segment writes types in lower case, and code that reads the calls compares them so. uclint takes the call "
            "as meant; whatever comes after may pass it over."
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
        why="Segment refuses a call that belongs to nobody. It is counted nowhere, and no profile learns of it.",
        fix=(
            "Set `userId` for somebody who is known, else `anonymousId`; Segment's libraries do that. A server that "
            "calls the API itself has to pass on the id that the browser or the app has."
        ),
        bad='{"type": "track", "userId": null, "event": "Subscription Started", "properties": {}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {}}\n',
    ),
    Rule(
        code="SP304",
        name="track-without-event",
        severity=Severity.WARNING,
        summary="A track call has no `event`, or one that is empty or no text.",
        says=Sentence("{count} track call has no event.", "{count} track calls have no event."),
        why=(
            "The event's name is all that says what happened. Without one, the call is refused, or belongs to no "
            "event of any use case or plan."
        ),
        fix="Name the event. If the call tells that somebody looked at a page, send a page call.",
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
        fix="Send the id of the company or account as `groupId`; its name belongs into `traits`.",
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
            "An alias call says that two ids are one person. With one id only, it says nothing, and the histories "
            "stay apart."
        ),
        fix="Send the id that the user had before as `previousId`, and the new one as `userId`.",
        bad='{"type": "alias", "userId": "u-1"}\n',
        good='{"type": "alias", "userId": "u-1", "previousId": "a-1"}\n',
    ),
    Rule(
        code="SP307",
        name="call-too-large",
        severity=Severity.WARNING,
        summary="The call is larger than 32 KB, the most that Segment takes, white space left out.",
        says=Sentence("{count} call is larger than 32 KB.", "{count} calls are larger than 32 KB."),
        why=(
            "Segment refuses the call, and the library that sent it does not hear of it: the batch as a whole is "
            "accepted."
        ),
        fix=("Send an id or a link instead of the whole: no documents, pictures or lists without end."),
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"contract": "<x*40000>"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"contract": "C-1001"}}\n',
    ),
    Rule(
        code="SP308",
        name="message-id-missing",
        severity=Severity.WARNING,
        summary="The call has no `messageId`.",
        says=Sentence("{count} call has no messageId.", "{count} calls have no messageId."),
        why=(
            "Segment tells by it whether it has a call already. A call without one that is sent again after a fault "
            "is counted twice."
        ),
        fix=(
            "Segment's libraries set it. Who calls the API should send a random id with each call, and the same one "
            "when trying again. Calls written by hand rarely have one, so this rule is on only where it is selected."
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
            "Segment takes no more than 100. What it cuts off may be what made the id unique, and calls are then "
            "dropped as repeated."
        ),
        fix=(
            "Use a UUID. If the id is made of several parts, send a hash of them. On only where it is selected, since "
            "looking at each id takes time."
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
            "Either calls came twice and are counted twice wherever nobody removes the repeated ones, or different "
            "calls have one id and Segment drops all but the first."
        ),
        fix=(
            "If the calls are equal, find what sends, exports or reads them twice. If they differ, make an id for "
            "each call. Of more than 32,768 ids a share is looked at, all calls of each of its ids, and the finding "
            "says which; on only where it is selected."
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
