"""NM4xx: names."""

from __future__ import annotations

from validator.model import Severity
from validator.rules.model import Rule, Sentence

RULES = (
    Rule(
        code="NM401",
        name="near-miss-event-name",
        severity=Severity.WARNING,
        summary="A track call's event differs from a planned name by one edit, or only by case or separators.",
        says=Sentence('"{name}" ({calls}) is in no plan: did you mean "{planned}"? {strictly}.'),
        why=(
            "Names match exactly, so `trial_started` is another event than `Trial Started`: its calls count for "
            "no use case, and reports show two events instead of one."
        ),
        fix=(
            "Send the planned name. If both names are intended, plan both. If the sender cannot be changed, a "
            "transformation can rename the event on the way."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "trial_started", "properties": {"category": "team"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Trial Started", "properties": {"category": "team"}}\n',
    ),
    Rule(
        code="NM402",
        name="value-in-event-name",
        severity=Severity.WARNING,
        summary="An event name contains a value: a date, an id, an address, or a number of five digits or more.",
        says=Sentence(
            "{count} event name holds a value ({calls}){names}.",
            "{count} event names hold a value ({calls}){names}.",
            special={"unnamed": "Event names hold a value ({calls}); there were too many to keep these."},
        ),
        why=(
            "Each value makes a new event. Such events cannot be counted or planned, warehouses make a table for "
            "each, and Segment drops events beyond its limit of names."
        ),
        fix="Give the event one name, and send the value as a property. Names are shown with `#` for the value.",
        bad='{"type": "track", "userId": "u-1", "event": "Invoice 20240301 Paid", "properties": {}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Invoice Paid", "properties": {"invoice_id": "20240301"}}\n',
    ),
    Rule(
        code="NM403",
        name="dynamic-event-names",
        severity=Severity.WARNING,
        summary="Many event names (twenty, or `names.dynamic`) differ only in numbers or values.",
        says=Sentence('"{template}" stands for {least}{count} event names ({calls}): send what varies as a property.'),
        why=(
            "They are one event whose name is built in code. Its calls are spread over many names, so no count is"
            " right."
        ),
        fix="Give the event one name, and send the varying part as a property.",
        bad="".join(
            f'{{"type": "track", "userId": "u-1", "event": "Level {n} Reached", "properties": {{}}}}\n'
            for n in range(1, 21)
        ),
        good='{"type": "track", "userId": "u-1", "event": "Level Reached", "properties": {"level": 1}}\n',
    ),
    Rule(
        code="NM404",
        name="event-name-characters",
        severity=Severity.WARNING,
        summary="An event name has invisible or control characters, leading, trailing or repeated spaces.",
        says=Sentence(
            "{count} event name has odd characters or spaces ({calls}){names}.",
            "{count} event names have odd characters or spaces ({calls}){names}.",
            special={
                "unnamed": "Event names have odd characters or spaces ({calls}); there were too many to keep these."
            },
        ),
        why=(
            "Names that look the same differ: reports show two events instead of one, and filters find only one "
            "of them."
        ),
        fix=(
            "Retype the name where the call is made. Names pasted from documents bring no-break spaces and "
            "zero-width characters."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Plan Changed ", "properties": {}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Plan Changed", "properties": {}}\n',
    ),
    Rule(
        code="NM405",
        name="event-name-spellings",
        severity=Severity.WARNING,
        summary="Event names that no plan has differ only in case and separators.",
        says=Sentence("One event under {count} spellings? {names}. Names match strictly."),
        why="Names match strictly: one event under two spellings is two events, and each has only some of the calls.",
        fix="Agree on one spelling, plan it, and rename the others where they are sent.",
        bad="""\
{"type": "track", "userId": "u-1", "event": "Plan Changed", "properties": {}}
{"type": "track", "userId": "u-1", "event": "plan_changed", "properties": {}}
""",
        good='{"type": "track", "userId": "u-1", "event": "Plan Changed", "properties": {}}\n',
    ),
    Rule(
        code="NM406",
        name="event-name-case",
        severity=Severity.WARNING,
        summary="An event name that no plan has does not follow the team's convention, by default Title Case.",
        says=Sentence(
            "{count} event name is not {convention} ({calls}){names}.",
            "{count} event names are not {convention} ({calls}){names}.",
            special={"unnamed": "Event names are not {convention} ({calls}); there were too many to keep these."},
        ),
        why=(
            "Segment recommends Title Case for events. With one convention, nobody has to look up how an event is"
            " spelled."
        ),
        fix=(
            "Name new events with an object and what happened to it, in one convention. `names.case.events` in "
            "the configuration, or `--event-case`, sets the convention and turns this rule on; otherwise it is "
            "off, since renaming old events breaks what depends on them."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "planChanged", "properties": {}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Plan Changed", "properties": {}}\n',
        on=False,
    ),
    Rule(
        code="NM407",
        name="property-name-case",
        severity=Severity.WARNING,
        summary="A property that no plan has does not follow the team's convention, by default snake_case.",
        says=Sentence(
            "{event}: {count} property is not {convention}{names}.",
            "{event}: {count} properties are not {convention}{names}.",
        ),
        why=(
            "Segment recommends snake_case for properties. With one convention, nobody has to look up how a "
            "property is spelled."
        ),
        fix=(
            "Write new properties in one convention. `names.case.properties` in the configuration, or "
            "`--property-case`, sets the convention and turns this rule on; otherwise it is off."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"planName": "monthly"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"plan_name": "monthly"}}\n',
        on=False,
    ),
    Rule(
        code="NM408",
        name="property-name-characters",
        severity=Severity.WARNING,
        summary="A property name has invisible or control characters, leading, trailing or repeated spaces.",
        says=Sentence(
            "{event}: {count} property has odd characters or spaces in its name{names}.",
            "{event}: {count} properties have odd characters or spaces in their names{names}.",
        ),
        why="Names that look the same differ: a filter on one does not find the other.",
        fix="Retype the name where the call is made.",
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"plan ": "monthly"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"plan": "monthly"}}\n',
    ),
    Rule(
        code="NM409",
        name="dynamic-property-names",
        severity=Severity.WARNING,
        summary="Many properties of an event (twenty, or `names.dynamic`) differ only in numbers or values.",
        says=Sentence('{event}: "{template}" stands for {least}{count} properties: send what varies as a value.'),
        why=(
            "Each one is a separate column in a warehouse, and Segment drops properties beyond its limit. They "
            "cannot be planned or filtered by."
        ),
        fix="Send a list of objects, each with the value under a fixed name, or one property with a fixed name.",
        bad="".join(
            f'{{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {{"item_{n}": true}}}}\n'
            for n in range(1, 21)
        ),
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"items": [1, 2, 3]}}\n',
    ),
    Rule(
        code="NM410",
        name="property-name-spellings",
        severity=Severity.WARNING,
        summary="Properties of an event that no plan has differ only in case and separators.",
        says=Sentence(
            "{event}: {count} property has several spellings: {names}.",
            "{event}: {count} properties have several spellings: {names}.",
        ),
        why="One property under two names is two columns, each with gaps, and every query has to ask for both.",
        fix="Agree on one spelling, and rename the others where they are sent.",
        bad="""\
{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"planName": "monthly"}}
{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"plan_name": "monthly"}}
""",
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"plan_name": "monthly"}}\n',
    ),
)
