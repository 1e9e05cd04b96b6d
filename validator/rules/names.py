"""NM4xx: names."""

from __future__ import annotations

from validator.model import Severity
from validator.rules.model import Rule, Sentence

RULES = (
    Rule(
        code="NM401",
        name="near-miss-event-name",
        severity=Severity.WARNING,
        summary="A track call's event is a planned name but for one edit, for case or separators, or for the forms of its words.",
        says=Sentence('"{name}" ({calls}) is in no plan: did you mean "{planned}"? {strictly}.'),
        why=(
            "Names match exactly, so `trial_started` is another event than `Trial Started`: its calls count for no use "
            "case, and reports show the one event as two."
        ),
        fix=(
            "Send the planned name. If both names are meant, plan both. Where the sender cannot be changed, a "
            "transformation can rename the event on its way."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "trial_started", "properties": {"category": "team"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Trial Started", "properties": {"category": "team"}}\n',
    ),
    Rule(
        code="NM402",
        name="value-in-event-name",
        severity=Severity.WARNING,
        summary="An event name holds a value: a date, an id, an address, a number of five digits or more.",
        says=Sentence(
            "{count} event name holds a value ({calls}){names}.",
            "{count} event names hold a value ({calls}){names}.",
            special={"unnamed": "Event names hold a value ({calls}); there were too many to keep these."},
        ),
        why=(
            "Each value makes an event of its own. Nobody can count or plan them, warehouses make a table of each, "
            "and Segment drops events beyond its limit of names."
        ),
        fix="Give the event one name, and send the value as a property. Names are shown with `#` for the value.",
        bad='{"type": "track", "userId": "u-1", "event": "Invoice 20240301 Paid", "properties": {}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Invoice Paid", "properties": {"invoice_id": "20240301"}}\n',
    ),
    Rule(
        code="NM403",
        name="dynamic-event-names",
        severity=Severity.WARNING,
        summary="Many event names (twenty, unless `names.dynamic` says otherwise) differ in numbers or values alone.",
        says=Sentence('"{template}" stands for {least}{count} event names ({calls}): send what varies as a property.'),
        why=(
            "They are one event whose name is put together in code. Its calls are spread over names of which none is "
            "counted."
        ),
        fix="Give the event one name, and send what varies as a property.",
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
        summary="An event name has invisible or control characters, or spaces at an end or in a row.",
        says=Sentence(
            "{count} event name has odd characters or spaces ({calls}){names}.",
            "{count} event names have odd characters or spaces ({calls}){names}.",
            special={
                "unnamed": "Event names have odd characters or spaces ({calls}); there were too many to keep these."
            },
        ),
        why=(
            "Names that look the same are not: reports show what seems to be one event as two, and filters find only "
            "one of them."
        ),
        fix=(
            "Type the name anew where the call is made. Names that are pasted from documents bring along no-break "
            "spaces and zero-width characters."
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
        why="Names match strictly: one thing under two spellings is two events, and each shows only a part.",
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
        summary="An event name that no plan has is not in the team's convention, by default Title Case.",
        says=Sentence(
            "{count} event name is not {convention} ({calls}){names}.",
            "{count} event names are not {convention} ({calls}){names}.",
            special={"unnamed": "Event names are not {convention} ({calls}); there were too many to keep these."},
        ),
        why=(
            "Segment recommends Title Case for events. With one convention, nobody has to look up how an event is "
            "written."
        ),
        fix=(
            "Write new events as an object and what happened to it, in one convention. `names.case.events` in the "
            "configuration, or `--event-case`, says which, and turns this rule on; it is off otherwise, since renaming "
            "old events breaks what is built on them."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "planChanged", "properties": {}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Plan Changed", "properties": {}}\n',
        on=False,
    ),
    Rule(
        code="NM407",
        name="property-name-case",
        severity=Severity.WARNING,
        summary="A property that no plan has is not in the team's convention, by default snake_case.",
        says=Sentence(
            "{event}: {count} property is not {convention}{names}.",
            "{event}: {count} properties are not {convention}{names}.",
        ),
        why=(
            "Segment recommends snake_case for properties. With one convention, nobody has to look up how a property "
            "is written."
        ),
        fix=(
            "Write new properties in one convention. `names.case.properties` in the configuration, or "
            "`--property-case`, says which, and turns this rule on; it is off otherwise."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"planName": "monthly"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"plan_name": "monthly"}}\n',
        on=False,
    ),
    Rule(
        code="NM408",
        name="property-name-characters",
        severity=Severity.WARNING,
        summary="A property has invisible or control characters in its name, or spaces at an end or in a row.",
        says=Sentence(
            "{event}: {count} property has odd characters or spaces in its name{names}.",
            "{event}: {count} properties have odd characters or spaces in their names{names}.",
        ),
        why="Names that look the same are not: a filter on the one finds nothing of the other.",
        fix="Type the name anew where the call is made.",
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"plan ": "monthly"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"plan": "monthly"}}\n',
    ),
    Rule(
        code="NM409",
        name="dynamic-property-names",
        severity=Severity.WARNING,
        summary="Many properties of an event (twenty, or `names.dynamic`) differ in nothing but numbers or values.",
        says=Sentence('{event}: "{template}" stands for {least}{count} properties: send what varies as a value.'),
        why=(
            "Each is a column of its own in a warehouse, and Segment drops properties beyond its limit. None of them "
            "can be planned or filtered by."
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
        why=(
            "One thing under two names is two columns, each with gaps, and every question about it has to be asked "
            "twice."
        ),
        fix="Agree on one spelling, and rename the others where they are sent.",
        bad="""\
{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"planName": "monthly"}}
{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"plan_name": "monthly"}}
""",
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"plan_name": "monthly"}}\n',
    ),
)
