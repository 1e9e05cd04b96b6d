"""PL6xx: problems in plan files; nothing is checked until they are fixed."""

from __future__ import annotations

from validator.model import Severity
from validator.rules import plan_lint, tracking_plan_files
from validator.rules.model import Rule


def _event(*properties: str) -> str:
    """The file of an event with these properties, each on a line."""
    lines = ["event: Invoice Paid", "about: Somebody paid an invoice.", "properties:", *(f"  {p}" for p in properties)]
    return "\n".join(lines) + "\n"


def _goal(event: str) -> str:
    """The file of a goal whose use case has that event."""
    return f"""\
goal: win-accounts
name: Win accounts
about: Turn visitors into accounts.
order: 9
considerations: [Raise signups]
use_cases:
  - use_case: remind-visitors
    name: Remind visitors
    about: Write to people who did not sign up.
    events: [{event}]
    sources: [Website]
    destinations: [Email Marketing]
"""


RULES = (
    Rule(
        code="PL601",
        name="duplicate-key",
        severity=Severity.ERROR,
        summary="A mapping has the same key twice.",
        why="YAML would silently keep one of the two, and the plan would check something else than it says.",
        fix="Keep one of the two; if both are meant, rename one.",
        bad=_event(
            "total: {type: number, about: What was paid., spec: none}",
            "total: {type: string, about: What was paid., spec: none}",
        ),
        good=_event("total: {type: number, about: What was paid., spec: none}"),
    ),
    Rule(
        code="PL602",
        name="unknown-key",
        severity=Severity.ERROR,
        summary="A key that plan files do not have, usually a misspelt one.",
        why="The check it was meant for would be missing without notice.",
        fix="Correct it as the message suggests, or remove it. A note belongs in a comment (`#`) or in `about`.",
        bad=_event("total: {typ: number, about: What was paid., spec: none}"),
        good=_event("total: {type: number, about: What was paid., spec: none}"),
    ),
    Rule(
        code="PL603",
        name="bad-type",
        severity=Severity.ERROR,
        summary="A value of the wrong kind: a list for text, or a bare word that YAML reads as something else.",
        why=(
            "YAML reads `on`, `no`, `1.0` and `2024-01-01` as something other than text. The plan would ask for a"
            " property named true and never find it."
        ),
        fix='Put text that YAML misreads in quotes (`"on"`); write lists with `- ` or `[...]`.',
        bad="""\
event: Reminder Set
about: Somebody turned reminders on or off.
properties:
  on: {type: boolean, about: Whether they are on., spec: none}
""",
        good="""\
event: Reminder Set
about: Somebody turned reminders on or off.
properties:
  "on": {type: boolean, about: Whether they are on., spec: none}
""",
    ),
    Rule(
        code="PL604",
        name="unknown-name",
        severity=Severity.ERROR,
        summary="A name of an event or a property that no plan file defines.",
        why="The use case would wait for an event that does not exist, and its coverage could never be full.",
        fix="Correct the name as the message suggests, or define it: an event in `events/`, a property in its event.",
        bad=_goal("Signd Up"),
        good=_goal("Signed Up"),
    ),
    Rule(
        code="PL605",
        name="missing-key",
        severity=Severity.ERROR,
        summary="A required key is missing.",
        why="Without it uclint would have to guess what is meant, such as the type of a property.",
        fix="Add the key that the message names. An event without properties needs `properties: {}`.",
        bad=_event("total: {about: What was paid., spec: none}"),
        good=_event("total: {type: number, about: What was paid., spec: none}"),
    ),
    Rule(
        code="PL606",
        name="not-yaml",
        severity=Severity.ERROR,
        summary="The file cannot be read as one plain YAML document.",
        why=(
            "Nothing in the file can be trusted. Besides broken YAML, this covers an empty, unreadable or very "
            "large file, one that is not UTF-8, a second document, and anchors, aliases, merge keys and tags, "
            "which hide what a plan says."
        ),
        fix=(
            "Fix it at the line and column given, or just above: indent with spaces, and put text with `: `, ` #`"
            " or brackets in quotes. Write out what an alias stands for."
        ),
        bad="""\
event: Invoice Paid
about: Paid: the money has arrived.
properties: {}
""",
        good="""\
event: Invoice Paid
about: "Paid: the money has arrived."
properties: {}
""",
    ),
    Rule(
        code="PL607",
        name="bad-value",
        severity=Severity.ERROR,
        summary=(
            "A value of the right kind that is not possible: an unknown word, empty, a duplicate, or badly written."
        ),
        why="The check that it defines could not be made, or could never pass.",
        fix=(
            "Use one of the values in the message. Types are JSON's (`string`, `number`, `integer`, `boolean`, `array`,"
            ' `object`, `"null"`), slugs are in kebab case, and places are JSON pointers such as `/properties/name`.'
        ),
        bad=_event("total: {type: float, about: What was paid., spec: none}"),
        good=_event("total: {type: number, about: What was paid., spec: none}"),
    ),
    Rule(
        code="PL608",
        name="duplicate-definition",
        severity=Severity.ERROR,
        summary="An event, goal, use case, call type or place is defined twice.",
        why="Two definitions may contradict each other, and which one counts would depend on the order of the files.",
        fix="Keep one of the two and move what the other adds into it; if both are meant, rename one.",
        bad="""\
event: Invoice Paid
about: Somebody paid an invoice.
calls:
  - type: track
  - type: track
properties: {}
""",
        good="""\
event: Invoice Paid
about: Somebody paid an invoice.
calls:
  - type: track
  - type: page
properties: {}
""",
    ),
    Rule(
        code="PL609",
        name="not-checkable",
        severity=Severity.ERROR,
        summary=(
            "A plan rule's JSON Schema cannot be checked: an unsupported pattern or reference, or an invalid schema."
        ),
        why=(
            "A pattern with lookaround can run forever on one call, and a reference to another server would be "
            "fetched. Ignoring either would accept events that the plan forbids. So the plan is refused."
        ),
        fix=(
            "Write patterns in RE2 syntax, which Segment's Protocols require too: no lookaround, no "
            "backreferences. Copy what is referenced into the plan's own definitions."
        ),
        bad="""\
type: TRACK
key: Order Completed
jsonSchema:
  type: object
  properties:
    properties:
      type: object
      properties:
        coupon: {type: string, pattern: "^(?!TEST)[A-Z]+$"}
""",
        good="""\
type: TRACK
key: Order Completed
jsonSchema:
  type: object
  properties:
    properties:
      type: object
      properties:
        coupon: {type: string, pattern: "^[A-Z]+-[0-9]+$"}
""",
    ),
    *tracking_plan_files.RULES,
    *plan_lint.RULES,
)
