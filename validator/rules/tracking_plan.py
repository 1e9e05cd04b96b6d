"""TP2xx: calls that break a tracking plan."""

from __future__ import annotations

from validator.model import Severity
from validator.rules.model import Rule, Sentence

_VALUE = Sentence("{event}: {name} should be {expected}, and is not{end}.")

RULES = (
    Rule(
        code="TP201",
        name="required-missing",
        severity=Severity.ERROR,
        summary="A call lacks a property that its plan rule requires, or `properties` as a whole.",
        says=Sentence(
            "{event}: {name} is required, and missing{end}", "{event}: {name} are required, and missing{end}"
        ),
        why=(
            "Others rely on what a plan requires: a report, a join or a payout that needs the property skips the "
            "call or goes wrong."
        ),
        fix="Add the property to the call. If it is not always known, remove it from `required` in the plan.",
        bad='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"total": 25.5}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A-1001", "total": 25.5}}\n',
    ),
    Rule(
        code="TP202",
        name="datatype-mismatch",
        severity=Severity.ERROR,
        summary="A property, or `properties` itself, has another JSON type than planned.",
        says=Sentence("{event}: {name} should be {expected}, and is {came}{end}."),
        brief="wrong type",
        why=(
            "A warehouse column takes the first type it sees and drops values that do not fit; a destination "
            'cannot add up "25.50". It is a warning where no Segment spec states the type and uclint chose it.'
        ),
        fix=(
            "Send the value in the planned type: numbers without quotes, lists as lists. If a value is unknown, "
            "leave the property out instead of sending null."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Trial Started", "properties": {"category": 7}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Trial Started", "properties": {"category": "team"}}\n',
    ),
    Rule(
        code="TP203",
        name="unplanned-event",
        severity=Severity.ERROR,
        summary="No rule of the plan matches a call.",
        says=Sentence(
            '"{name}" ({calls}) is not in {plans}.',
            special={
                "of one call": '"{name}" is not in {plans}{end}',
                "without event": "Track calls without an event are not in {plans}: {count}.",
                "of one type": "{kind} calls with names that are not in {plans}: {count}.",
            },
        ),
        why="Its meaning is not documented, and changes go unnoticed. Segment's Protocols can block such a call.",
        fix=(
            "Add the event to the plan, or stop sending it. `--unplanned ignore` allows such calls, `--unplanned "
            "error` fails on them."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Order Shipped", "properties": {"order_id": "A-1001"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A-1001"}}\n',
    ),
    Rule(
        code="TP204",
        name="additional-properties",
        severity=Severity.ERROR,
        summary="A property that the plan does not name, or does not allow.",
        says=Sentence(
            "{event}: {name} is not in {plans}, and sent in {count} of {calls}.",
            special={
                "of one call": "{event}: {name} is not in {plans}.",
                "not allowed": "{event}: {name} has properties that the plan does not allow{end}.",
            },
        ),
        why=(
            "It may be a misspelt property, whose planned name is then missing, or personal data that was never "
            "agreed on. It is an error if the plan says `additionalProperties: false`, else it has the severity "
            "of `--unplanned`."
        ),
        fix="Correct the name, add the property to the plan, or stop sending it.",
        bad='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A-1001", "orderId": "A-1001"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A-1001", "total": 25.5}}\n',
    ),
    Rule(
        code="TP205",
        name="value-not-allowed",
        severity=Severity.ERROR,
        summary="A value that is not among those the plan lists.",
        says=_VALUE,
        brief="not allowed",
        why="Reports group by these values: each new spelling becomes its own row.",
        fix="Send one of the listed values, or add the new one to the plan.",
        bad='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A-1001", "currency": "euro"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A-1001", "currency": "EUR"}}\n',
    ),
    Rule(
        code="TP206",
        name="pattern-mismatch",
        severity=Severity.ERROR,
        summary="A text that does not match the pattern of the plan.",
        says=_VALUE,
        brief="not valid",
        why="Code that joins tables by this text, or parses it, will fail on it.",
        fix="Send the text in the planned form, or widen the pattern.",
        bad='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "1001"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A-1001"}}\n',
    ),
    Rule(
        code="TP207",
        name="out-of-range",
        severity=Severity.ERROR,
        summary="A number, text or list that is smaller, larger, shorter or longer than planned.",
        says=_VALUE,
        brief="out of range",
        why="Such values are usually mistakes (a negative price, an empty list) that distort sums and averages.",
        fix="Fix the value where it is computed, or widen the range in the plan.",
        bad='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A-1001", "total": -25.5}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A-1001", "total": 25.5}}\n',
    ),
    Rule(
        code="TP208",
        name="format-mismatch",
        severity=Severity.ERROR,
        summary="A text that does not have the planned format, such as a date or an e-mail address.",
        says=_VALUE,
        brief="wrong format",
        why="An invalid date stays text in the warehouse, and destinations drop it.",
        fix=(
            "Send it in the standard format, such as 2026-01-31T12:00:00Z. Formats that uclint does not know are "
            "not checked."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A-1001", "paid_at": "31.01.2026"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A-1001", "paid_at": "2026-01-31T12:00:00Z"}}\n',
    ),
    Rule(
        code="TP209",
        name="schema-violation",
        severity=Severity.ERROR,
        summary="A value that breaks another rule of the plan's JSON Schema, such as `anyOf` or `not`.",
        says=Sentence("{event}: {name} {complaint}{end}."),
        brief="not valid",
        why="The plan lists the forms that consumers can handle; this value has none of them.",
        fix="The message names the closest alternative, and what it requires.",
        bad='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A-1001", "payment": {"cash": true}}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A-1001", "payment": {"card": "visa"}}}\n',
    ),
    Rule(
        code="TP210",
        name="too-many-steps",
        severity=Severity.ERROR,
        summary="Checking a value against the plan takes more steps than allowed, so it was not checked.",
        says=Sentence("{event}: {name} takes too many steps to check against the plan, and was not checked{end}."),
        brief="not checked",
        why=(
            "A schema and a value can be constructed so that checking takes hours. The limit counts steps, not seconds,"
            " so that every run gives the same result: 100,000 for a value, 400,000 for a call. A step is about one "
            "small schema applied to one value; long texts, comparisons of large values, and references take more."
        ),
        fix=(
            "Check whether the value is meant to be that large. If so, simplify the schema: fewer alternatives "
            "for each element of a list, fewer references, and patterns with `^` and without `{1,1000}`. (In the "
            "example the plan requires `^A-([0-9]{1,4}){1,100}$`, and `<0*800000>` stands for 800,000 zeros.)"
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A-<0*800000>"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A-1001"}}\n',
    ),
)
