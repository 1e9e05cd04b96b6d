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
        summary="The file is sound, but no tracking plan of a format that uclint reads.",
        why="Nothing could be checked against it, and a report without findings would say that all is well.",
        fix="Give the plan itself: its export as JSON, CSV or YAML, or the folder that its files are in.",
        bad='{"client": {"sdk": "analytics.js"}, "trackingPlans": [{"id": "rs_1", "path": "./analytics"}]}\n',
        good=_plan(_TOTAL),
    ),
    Rule(
        code="PL611",
        name="not-json",
        severity=Severity.ERROR,
        summary="The file begins as JSON does, and is not JSON.",
        why="Nothing after the mistake can be trusted. `NaN`, comments and trailing commas are not JSON.",
        fix="Mend it at the line and column given, or just above.",
        bad='{"name": "Shop", "rules": [],}\n',
        good='{"name": "Shop", "rules": []}\n',
    ),
    Rule(
        code="PL612",
        name="too-large",
        severity=Severity.ERROR,
        summary="A plan file that is larger or deeper than any plan needs, or that aliases blow up.",
        why="A small file that stands for gigabytes would stop the machine that checks it.",
        fix="Split the plan, or write out what the aliases stand for: then it shows how much that is.",
        bad='{"name": "Shop", "rules": [], "more": <[*65>1<]*65>}\n',
        good='{"name": "Shop", "rules": [], "more": <[*9>1<]*9>}\n',
    ),
    Rule(
        code="PL613",
        name="foreign-ref",
        severity=Severity.ERROR,
        summary="A `$ref` that leads nowhere, or out of the plan.",
        why="uclint opens no address and no file because a plan says so; what is meant there cannot be checked.",
        fix="Copy what it points to into `definitions` of the rule, and point there: `#/definitions/money`.",
        bad=_plan(_segment("Order Completed", _payload('{"$ref": "https://example.com/order.json"}'))),
        good=_plan(_TOTAL),
    ),
    Rule(
        code="PL614",
        name="illegal-type",
        severity=Severity.WARNING,
        summary='A type that JSON Schema does not have, such as `"any"`; read as what it is meant to say.',
        why="Validators differ in what they make of it: one refuses the plan, another every call, a third none.",
        fix="Leave `type` out where any type will do.",
        bad=_plan(_segment("Order Completed", _payload('{"properties": {"total": {"type": "any"}}}'))),
        good=_plan(_segment("Order Completed", _payload('{"properties": {"total": {}}}'))),
    ),
    Rule(
        code="PL615",
        name="old-draft",
        severity=Severity.WARNING,
        summary="A schema says that it is draft-04 or draft-06 of JSON Schema. It is judged as what it says.",
        why="Protocols reads draft-07. Newer keywords in the schema mean nothing in the draft that it names.",
        fix="Write `http://json-schema.org/draft-07/schema#`; in draft-04, `exclusiveMinimum` and `id` need a look.",
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
        summary="A name in a plan with characters that look like others or like nothing.",
        why="Names match strictly. A curly quotation mark or an unusual space came from an editor, not from the calls.",
        fix="Type the name anew. Leave it if the calls have the same character.",
        bad=_plan(_segment("Order\u2008Completed", '{"type": "object"}')),
        good=_plan(_segment("Order Completed", '{"type": "object"}')),
    ),
    Rule(
        code="PL618",
        name="empty-rule",
        severity=Severity.WARNING,
        summary="An event of a plan has no schema.",
        why="Any call of that name is then right, whatever it carries.",
        fix="Say what the event must carry, or leave it like that to say only that it is planned.",
        bad=_plan(_TOTAL, _segment("Order Cancelled", "{}")),
        good=_plan(_TOTAL, _segment("Order Cancelled", '{"type": "object"}')),
    ),
    Rule(
        code="PL619",
        name="never-sent",
        severity=Severity.WARNING,
        summary="A plan requires a field that no call has, such as `nameMapping` of Avo exports; it is left out.",
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
        why="`../` in a plan from elsewhere could overwrite or give away a file that is no part of it.",
        fix="Use letters, digits, `_`, `-` and single dots.",
        bad='{"self": {"vendor": "../../etc", "name": "order", "format": "jsonschema", "version": "1-0-0"}, "type": "object"}\n',
        good='{"self": {"vendor": "com.shop", "name": "order", "format": "jsonschema", "version": "1-0-0"}, "type": "object"}\n',
    ),
)
