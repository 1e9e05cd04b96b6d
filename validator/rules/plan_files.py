"""PL6xx: what is wrong in plan files; nothing is checked until it is mended."""

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
        summary="A key stands twice in the same mapping.",
        why="YAML would quietly keep one of the two, and the plan would check something else than it says.",
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
        summary="A key that plan files do not have, mostly a misspelt one.",
        why="Whatever it was meant to say would not be checked, and nobody would notice.",
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
            "YAML takes `on`, `no`, `1.0` and `2024-01-01` for something else than text. The plan would ask for a "
            "property called true and never find it."
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
        summary="A key that is needed is not there.",
        why="Without it uclint would have to guess what is meant, such as the type of a property.",
        fix="Add the key that the message names. An event without properties says so: `properties: {}`.",
        bad=_event("total: {about: What was paid., spec: none}"),
        good=_event("total: {type: number, about: What was paid., spec: none}"),
    ),
    Rule(
        code="PL606",
        name="not-yaml",
        severity=Severity.ERROR,
        summary="The file cannot be read as one plain YAML document.",
        why=(
            "Nothing in the file can be trusted. Besides broken YAML that is: an empty, unreadable or very large file, "
            "one that is not UTF-8, a second document, and anchors, aliases, merge keys and tags, which hide what a "
            "plan says."
        ),
        fix=(
            "Mend it at the line and column given, or just above: indent with spaces, and put text that holds `: `, "
            "` #` or brackets in quotes. Write out what an alias stood for."
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
        summary="A value of the right kind that cannot be: not one of the known words, empty, twice, or badly written.",
        why="The check it stands for could not be made, or could never hold.",
        fix=(
            "Use what the message offers. Types are JSON's (`string`, `number`, `integer`, `boolean`, `array`, "
            '`object`, `"null"`), slugs are in kebab case, and places are JSON pointers such as `/properties/name`.'
        ),
        bad=_event("total: {type: float, about: What was paid., spec: none}"),
        good=_event("total: {type: number, about: What was paid., spec: none}"),
    ),
    Rule(
        code="PL608",
        name="duplicate-definition",
        severity=Severity.ERROR,
        summary="An event, goal, use case, call type or place is defined twice.",
        why="Two definitions may disagree, and which of them counts would depend on the order of the files.",
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
        summary="A plan rule's JSON Schema cannot be checked: a pattern, a reference, or a schema that is none.",
        why=(
            "A pattern with lookaround can take for ever on one call, a reference to another server would be fetched, "
            "and passing either over would call events valid that the plan forbids. So the plan is refused."
        ),
        fix=(
            "Write patterns in RE2 syntax, as Segment's Protocols needs them too: no lookaround, no backreferences. "
            "Put what is referred to into the plan's own definitions."
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
