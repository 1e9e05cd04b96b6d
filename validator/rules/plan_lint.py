"""PL631 to PL659: what tracking plans say and hardly mean; `uclint plan lint` finds it."""

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
        why="Names match strictly, so one event comes in under two names and every count is split.",
        fix="Make them one event, or choose names that nobody confuses.",
        bad=_events("Order Completed", "order_completed"),
        good=_events("Order Completed", "Order Refunded"),
    ),
    Rule(
        code="PL632",
        name="near-duplicate-property",
        severity=Severity.WARNING,
        summary="Two properties of one object have nearly the same name.",
        why="Half of the calls will carry one and half the other, and whoever reads them has to know both.",
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
        summary="A pattern looks around or refers back, which engines of linear time cannot do.",
        why="Protocols runs patterns on RE2, which has neither; the rule would be refused or never checked.",
        fix="Write the pattern without, or split it into several (`allOf`).",
        bad=_property("code", '"type": "string", "pattern": "^(?!X)[A-Z]+$"'),
        good=_property("code", '"type": "string", "pattern": "^[A-WYZ][A-Z]*$"'),
    ),
    Rule(
        code="PL634",
        name="catastrophic-pattern",
        severity=Severity.WARNING,
        summary="A pattern that takes ages on some texts, wherever it is run by backtracking.",
        why=("uclint runs patterns in linear time, but other tools that read the plan may hang on a single call."),
        fix="Repeat in one place only: `a+` for `(a+)+`.",
        bad=_property("code", '"type": "string", "pattern": "^([a-z]+)+$"'),
        good=_property("code", '"type": "string", "pattern": "^[a-z]+$"'),
    ),
    Rule(
        code="PL635",
        name="dialect-bound-pattern",
        severity=Severity.WARNING,
        summary="A pattern uses what only some dialects have.",
        why=(
            "JSON Schema patterns are ECMA-262. Another tool would refuse the pattern, or take it for something else."
        ),
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
        summary="A keyword that is nearly one of JSON Schema's.",
        why=("JSON Schema passes over keywords that it does not know, so what it was meant to check is not checked."),
        fix="Correct it as the message suggests. A keyword of your own begins with `x-`.",
        bad=_property("total", '"type": "number", "minimun": 0'),
        good=_property("total", '"type": "number", "minimum": 0'),
    ),
    Rule(
        code="PL639",
        name="impossible-schema",
        severity=Severity.ERROR,
        summary="A schema that nothing can meet.",
        why="Every call that carries it is invalid, whatever it sends.",
        fix="Fix the two keywords that exclude each other.",
        bad=_property("total", '"type": "number", "minimum": 9, "maximum": 1'),
        good=_property("total", '"type": "number", "minimum": 1, "maximum": 9'),
    ),
    Rule(
        code="PL640",
        name="value-of-other-type",
        severity=Severity.WARNING,
        summary="A listed value is of a type that the same schema forbids.",
        why="The value looks allowed and never is: a sender who believes the list sends invalid calls.",
        fix="Remove the value, or allow its type.",
        bad=_property("size", '"type": "string", "enum": ["s", "m", 3]'),
        good=_property("size", '"type": "string", "enum": ["s", "m", "3"]'),
    ),
    Rule(
        code="PL641",
        name="missing-description",
        severity=Severity.WARNING,
        summary="A property has no description.",
        why="Whoever sends or reads it has to guess what it means, and two people guess differently.",
        fix="Say in `description` what it means, in which unit, and where it comes from.",
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
        summary="An example or default breaks the rule that it stands in.",
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
