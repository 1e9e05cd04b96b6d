"""PL610 to PL620: what is wrong or odd in tracking plans that other tools made, JSON, YAML and CSV."""

from __future__ import annotations

from validator.model import Severity
from validator.rules.model import Rule


def _segment(key: str, schema: str, version: int = 1) -> str:
    return f'{{"type": "TRACK", "key": "{key}", "version": {version}, "jsonSchema": {schema}}}'


def _plan(*rules: str) -> str:
    inner = ",\n  ".join(rules)
    return f'{{"name": "Shop", "rules": [\n  {inner}\n]}}\n'


def _payload(schema: str) -> str:
    return f'{{"type": "object", "properties": {{"properties": {schema}}}}}'


_TOTAL = _segment("Order Completed", _payload('{"type": "object", "properties": {"total": {"type": "number"}}}'))

RULES = (
    Rule(
        code="PL610",
        name="not-a-tracking-plan",
        severity=Severity.ERROR,
        summary="The file is valid, but not a tracking plan in a format that uclint reads.",
        why="Nothing could be checked against it, and a report without findings would look like success.",
        fix="Give the plan itself: its export as JSON, CSV or YAML, or the folder with its files.",
        bad='{"client": {"sdk": "analytics.js"}, "trackingPlans": [{"id": "rs_1", "path": "./analytics"}]}\n',
        good=_plan(_TOTAL),
    ),
    Rule(
        code="PL611",
        name="not-json",
        severity=Severity.ERROR,
        summary="The file starts like JSON, but is not valid JSON.",
        why="Nothing after the mistake can be trusted. `NaN`, comments and trailing commas are not JSON.",
        fix="Fix it at the line and column given, or just above.",
        bad='{"name": "Shop", "rules": [],}\n',
        good='{"name": "Shop", "rules": []}\n',
    ),
    Rule(
        code="PL612",
        name="too-large",
        severity=Severity.ERROR,
        summary="A plan file is larger or deeper than any plan needs, or its aliases expand too much.",
        why="A small file that expands to gigabytes would stop the machine that checks it.",
        fix="Split the plan, or write out what the aliases stand for, to see how much that is.",
        bad='{"name": "Shop", "rules": [], "more": <[*65>1<]*65>}\n',
        good='{"name": "Shop", "rules": [], "more": <[*9>1<]*9>}\n',
    ),
    Rule(
        code="PL613",
        name="foreign-ref",
        severity=Severity.ERROR,
        summary="A `$ref` points nowhere, or out of the plan.",
        why="uclint never opens an address or a file that a plan names, so what it points to cannot be checked.",
        fix="Copy what it points to into `definitions` of the rule, and point there: `#/definitions/money`.",
        bad=_plan(_segment("Order Completed", _payload('{"$ref": "https://example.com/order.json"}'))),
        good=_plan(_TOTAL),
    ),
    Rule(
        code="PL614",
        name="illegal-type",
        severity=Severity.WARNING,
        summary='A type that JSON Schema does not have, such as `"any"`; it is read as what it means.',
        why="Validators treat it differently: one rejects the plan, another every call, a third no call.",
        fix="Leave `type` out where any type will do.",
        bad=_plan(_segment("Order Completed", _payload('{"properties": {"total": {"type": "any"}}}'))),
        good=_plan(_segment("Order Completed", _payload('{"properties": {"total": {}}}'))),
    ),
    Rule(
        code="PL615",
        name="old-draft",
        severity=Severity.WARNING,
        summary="A schema says that it is draft-04 or draft-06 of JSON Schema. It is judged by that draft.",
        why="Protocols reads draft-07. Newer keywords in the schema have no meaning in the draft that it names.",
        fix="Write `http://json-schema.org/draft-07/schema#`; coming from draft-04, check `exclusiveMinimum` and `id`.",
        bad=_plan(
            _segment("Order Completed", '{"$schema": "http://json-schema.org/draft-04/schema#", "type": "object"}')
        ),
        good=_plan(
            _segment("Order Completed", '{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}')
        ),
    ),
    Rule(
        code="PL616",
        name="unknown-dialect",
        severity=Severity.WARNING,
        summary="`$schema` names no draft of JSON Schema; the schema is read as draft-07.",
        why="What the keywords mean depends on the draft.",
        fix="Write `http://json-schema.org/draft-07/schema#`, or leave `$schema` out.",
        bad=_plan(_segment("Order Completed", '{"$schema": "draft-7", "type": "object"}')),
        good=_plan(
            _segment("Order Completed", '{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}')
        ),
    ),
    Rule(
        code="PL617",
        name="odd-name",
        severity=Severity.WARNING,
        summary="A name in a plan has characters that look like others or are invisible.",
        why="Names match strictly. A curly quotation mark or an unusual space came from an editor, not from the calls.",
        fix="Retype the name. Leave it if the calls have the same character.",
        bad=_plan(_segment("Order\u2008Completed", '{"type": "object"}')),
        good=_plan(_segment("Order Completed", '{"type": "object"}')),
    ),
    Rule(
        code="PL618",
        name="empty-rule",
        severity=Severity.WARNING,
        summary="An event of a plan has no schema.",
        why="Any call of that name is then valid, whatever it contains.",
        fix="Describe what the event must contain, or leave it like that to say only that it is planned.",
        bad=_plan(_TOTAL, _segment("Order Cancelled", "{}")),
        good=_plan(_TOTAL, _segment("Order Cancelled", '{"type": "object"}')),
    ),
    Rule(
        code="PL619",
        name="never-sent",
        severity=Severity.WARNING,
        summary="A plan requires a field that no call has, such as `nameMapping` of Avo exports; uclint ignores it.",
        why="Every call would break the rule.",
        fix="Remove it from `required`.",
        bad="""\
{"name": "Shop", "events": [{"id": "e1", "name": "Order Completed", "rules": {
  "type": "object", "properties": {"properties": {"type": "object"}}, "required": ["nameMapping", "properties"]}}]}
""",
        good="""\
{"name": "Shop", "events": [{"id": "e1", "name": "Order Completed", "rules": {
  "type": "object", "properties": {"properties": {"type": "object"}}, "required": ["properties"]}}]}
""",
    ),
    Rule(
        code="PL620",
        name="unsafe-name",
        severity=Severity.ERROR,
        summary="A name that is used as a reference or as a file name leads out of its folder.",
        why="`../` in a plan from elsewhere could overwrite or expose a file that is not part of it.",
        fix="Use letters, digits, `_`, `-` and single dots.",
        bad='{"self": {"vendor": "../../etc", "name": "order", "format": "jsonschema", "version": "1-0-0"}, "type": "object"}\n',
        good='{"self": {"vendor": "com.shop", "name": "order", "format": "jsonschema", "version": "1-0-0"}, "type": "object"}\n',
    ),
)
