"""PL631 to PL659: likely mistakes in tracking plans, found by `uclint plan lint`."""

from __future__ import annotations

from validator.model import Severity
from validator.rules.model import Rule


def _property(name: str, schema: str) -> str:
    """A plan whose one event has that property."""
    return f"""\
{{"name": "Shop", "rules": [
  {{"type": "TRACK", "key": "A Sent", "version": 1,
   "jsonSchema": {{"type": "object", "properties": {{"properties": {{
     "type": "object", "properties": {{"{name}": {{
       "description": "What it is.", {schema}}}}}}}}}}}}}
]}}
"""


def _events(*names: str) -> str:
    """A plan of events that have no properties."""
    rules = ",\n".join(
        f'''  {{"type": "TRACK", "key": "{name}", "version": 1,
   "jsonSchema": {{"type": "object", "properties": {{"properties": {{
     "type": "object", "properties": {{}}}}}}}}}}'''
        for name in names
    )
    return f'{{"name": "Shop", "rules": [\n{rules}\n]}}\n'


RULES = (
    Rule(
        code="PL631",
        name="near-duplicate-event",
        severity=Severity.WARNING,
        summary="Two events have nearly the same name.",
        why="Names match strictly, so one event is sent under two names and every count is split.",
        fix="Merge them into one event, or choose names that cannot be confused.",
        bad=_events("Order Completed", "order_completed"),
        good=_events("Order Completed", "Order Refunded"),
    ),
    Rule(
        code="PL632",
        name="near-duplicate-property",
        severity=Severity.WARNING,
        summary="Two properties of one object have nearly the same name.",
        why="Some calls will have one and some the other, and every reader has to know both.",
        fix="Keep one of the two spellings.",
        bad="""\
{"name": "Shop", "rules": [
  {"type": "TRACK", "key": "A Sent", "version": 1,
   "jsonSchema": {"type": "object", "properties": {"properties": {
     "type": "object", "properties": {"order_id": {
       "description": "What it is.", "type": "string"}, "orderId": {
       "description": "What it is.", "type": "string"}}}}}}
]}
""",
        good="""\
{"name": "Shop", "rules": [
  {"type": "TRACK", "key": "A Sent", "version": 1,
   "jsonSchema": {"type": "object", "properties": {"properties": {
     "type": "object", "properties": {"order_id": {
       "description": "What it is.", "type": "string"}}}}}}
]}
""",
    ),
    Rule(
        code="PL633",
        name="not-linear-pattern",
        severity=Severity.ERROR,
        summary="A pattern has lookaround or backreferences, which linear-time engines do not support.",
        why="Protocols runs patterns on RE2, which supports neither; the rule would be refused or never checked.",
        fix="Write the pattern without them, or split it into several (`allOf`).",
        bad=_property("code", '"type": "string", "pattern": "^(?!X)[A-Z]+$"'),
        good=_property("code", '"type": "string", "pattern": "^[A-WYZ][A-Z]*$"'),
    ),
    Rule(
        code="PL634",
        name="catastrophic-pattern",
        severity=Severity.WARNING,
        summary="A pattern that takes extremely long on some texts in a backtracking engine.",
        why=("uclint runs patterns in linear time, but other tools that read the plan may hang on a single call."),
        fix="Repeat in one place only: `a+` for `(a+)+`.",
        bad=_property("code", '"type": "string", "pattern": "^([a-z]+)+$"'),
        good=_property("code", '"type": "string", "pattern": "^[a-z]+$"'),
    ),
    Rule(
        code="PL635",
        name="dialect-bound-pattern",
        severity=Severity.WARNING,
        summary="A pattern uses syntax that only some regex dialects have.",
        why="JSON Schema patterns are ECMA-262. Another tool would reject the pattern, or interpret it differently.",
        fix=(
            "Write `^` and `$` for `\\A` and `\\Z`, `(?<name>...)` for `(?P<name>...)`, and `[a-z]` for `[[:lower:]]`."
        ),
        bad=_property("code", '"type": "string", "pattern": "\\\\A[a-z]+\\\\Z"'),
        good=_property("code", '"type": "string", "pattern": "^[a-z]+$"'),
    ),
    Rule(
        code="PL637",
        name="misspelt-keyword",
        severity=Severity.ERROR,
        summary="A keyword that is nearly a JSON Schema keyword.",
        why="JSON Schema ignores unknown keywords, so the intended check is missing.",
        fix="Correct it as the message suggests. Start your own keywords with `x-`.",
        bad=_property("total", '"type": "number", "minimun": 0'),
        good=_property("total", '"type": "number", "minimum": 0'),
    ),
    Rule(
        code="PL639",
        name="impossible-schema",
        severity=Severity.ERROR,
        summary="A schema that no value can satisfy.",
        why="Every call that has it is invalid, whatever it sends.",
        fix="Fix the two keywords that contradict each other.",
        bad=_property("total", '"type": "number", "minimum": 9, "maximum": 1'),
        good=_property("total", '"type": "number", "minimum": 1, "maximum": 9'),
    ),
    Rule(
        code="PL640",
        name="value-of-other-type",
        severity=Severity.WARNING,
        summary="A listed value is of a type that the same schema forbids.",
        why="The value looks allowed but never is: senders who rely on the list send invalid calls.",
        fix="Remove the value, or allow its type.",
        bad=_property("size", '"type": "string", "enum": ["s", "m", 3]'),
        good=_property("size", '"type": "string", "enum": ["s", "m", "3"]'),
    ),
    Rule(
        code="PL641",
        name="missing-description",
        severity=Severity.WARNING,
        summary="A property has no description.",
        why="Senders and readers have to guess what it means, and guess differently.",
        fix="Say in `description` what it means, its unit, and where it comes from.",
        bad="""\
{"name": "Shop", "rules": [
  {"type": "TRACK", "key": "A Sent", "version": 1,
   "jsonSchema": {"type": "object", "properties": {"properties": {
     "type": "object", "properties": {"total": {"type": "number"}}}}}}
]}
""",
        good=_property("total", '"type": "number"'),
    ),
    Rule(
        code="PL642",
        name="example-breaks-rule",
        severity=Severity.WARNING,
        summary="An example or default breaks its own rule.",
        why="People copy examples. Either the example is wrong or the rule is.",
        fix="Fix the one that is wrong.",
        bad=_property("size", '"type": "string", "maxLength": 2, "examples": ["large"]'),
        good=_property("size", '"type": "string", "maxLength": 2, "examples": ["l"]'),
    ),
    Rule(
        code="PL644",
        name="mixed-drafts",
        severity=Severity.WARNING,
        summary="The rules of one plan are written in different drafts of JSON Schema.",
        why="The same keyword may mean different things in two events of one plan.",
        fix="Use one draft throughout; Segment uses draft-07.",
        bad="""\
{"name": "Shop", "rules": [
  {"type": "TRACK", "key": "A Sent", "version": 1,
   "jsonSchema": {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "properties": {"properties": {
     "type": "object", "properties": {}}}}},
  {"type": "TRACK", "key": "Invoice Paid", "version": 1,
   "jsonSchema": {
     "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": {"properties": {
     "type": "object", "properties": {}}}}}
]}
""",
        good=_events("A Sent", "Invoice Paid"),
    ),
)
