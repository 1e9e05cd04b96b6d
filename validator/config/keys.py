"""What can be set in a configuration file: every key, what its value may be, and what holds without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from validator.model import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["text", "texts", "flag", "share", "whole", "errors", "choice", "convention"]

_LIMITS = Limits()

CONVENTIONS = ("title", "sentence", "lower", "snake", "constant", "camel", "pascal", "kebab")

FORMATS = ("text", "json", "jsonl", "sarif", "junit", "github", "gitlab", "markdown", "html")


class Leaf(msgspec.Struct, frozen=True):
    """A single value.

    Attributes:
        about: What it sets.
        kind: What it may be: text, a list of texts, true or false, a share from 0 to 1, a whole number,
            a number of errors or a share of them in percent, one of some words, or such a word or a table with a
            pattern of one's own.
        default: What holds where it is not set.
        path: Whether it names files, relative to the configuration file.
        names: Whether a text without a slash is about names wherever they are, and relative to nothing.
        choices: The words of a choice.
        low: The least whole number.
        high: The greatest whole number.
    """

    about: str
    kind: Kind
    default: Any = None
    path: bool = False
    names: bool = False
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 1 << 53


class Open(msgspec.Struct, frozen=True):
    """A table whose keys are names.

    Attributes:
        about: What it sets.
        value: What a value may be.
        keys: The names that there are; none: any.
        nested: Whether a value may instead be a table of such values.
    """

    about: str
    value: Leaf
    keys: tuple[str, ...] = ()
    nested: bool = False


class Table(msgspec.Struct, frozen=True):
    """A table whose keys are known."""

    about: str
    members: Mapping[str, Node]


Node = Leaf | Open | Table

FORM = Table(
    "What uclint checks and how; command-line options win over it.",
    {
        "use-cases": Leaf("Use cases to check: goal/use-case, or the bare slug for it under every goal.", "texts", ()),
        "goals": Leaf("Goals of which all use cases are checked.", "texts", ()),
        "plans": Leaf("Tracking plans of your own to check by.", "texts", (), path=True),
        "unplanned": Leaf(
            "How bad events and properties are that those plans do not know.",
            "choice",
            "warn",
            choices=("ignore", "warn", "error"),
        ),
        "catalog": Leaf("A directory with plan files, instead of the bundled goals and use cases.", "text", path=True),
        "inputs": Leaf("What to read where no path is given: files, directories or globs.", "texts", (), path=True),
        "exclude": Leaf(
            "What is left out of reading: globs of names of files and folders, or with a slash of paths.",
            "texts",
            (),
            path=True,
            names=True,
        ),
        "fail-on": Leaf(
            "The least severity that makes the exit code 1.", "choice", "error", choices=("warning", "error", "never")
        ),
        "allow-empty": Leaf("Whether reading nothing is no failure.", "flag", default=False),
        "max-errors": Leaf(
            "How many errors end the reading: a number, or a share of the calls such as 5%, once 1,000 were read.",
            "errors",
        ),
        "outputs": Open(
            "Reports to write: the format, and the file it goes to, - being standard output.",
            Leaf("Where the report goes.", "text", path=True),
            keys=FORMATS,
        ),
        "rules": Table(
            "Which rules are used, and how bad what they find is.",
            {
                "select": Leaf("Rules to use: codes, their beginnings, names, or ALL.", "texts", ("ALL",)),
                "ignore": Leaf("Rules not to use, likewise.", "texts", ()),
                "severity": Open(
                    "How bad what a rule finds is; the rule is named by code, beginning of it, or name.",
                    Leaf("The severity.", "choice", choices=("error", "warning", "off")),
                ),
            },
        ),
        "coverage": Table(
            "The least coverage, from 0 to 1; less fails the run.",
            {
                "min": Leaf("Of each chosen use case.", "share"),
                "use-cases": Open("Of single use cases, instead of `min`.", Leaf("The least coverage.", "share")),
                "events": Open(
                    "Of single events, in every chosen use case that recommends them.",
                    Leaf("The least coverage.", "share"),
                ),
            },
        ),
        "limits": Table(
            "What bounds memory and time.",
            {
                "line": Leaf("Bytes of a line.", "whole", _LIMITS.line, low=1, high=1 << 30),
                "depth": Leaf("Nesting of a call.", "whole", _LIMITS.depth, low=1, high=500),
                "names": Leaf("Distinct unplanned event names kept.", "whole", _LIMITS.names),
                "places": Leaf("Places named for each finding.", "whole", _LIMITS.places, high=1000),
            },
        ),
        "names": Table(
            "Your own names for what use cases recommend, and how names are written.",
            {
                "events": Open(
                    "Your name of an event, and the recommended name.", Leaf("The recommended name.", "text")
                ),
                "properties": Open(
                    "Your name of a property, and the recommended name; in a table named like an event, for it alone.",
                    Leaf("The recommended name.", "text"),
                    nested=True,
                ),
                "case": Table(
                    "How names that no plan has are to be written.",
                    {
                        "events": Leaf(
                            "The convention of events (NM406): a word, or a table with a `pattern` for whole names.",
                            "convention",
                            choices=CONVENTIONS,
                        ),
                        "properties": Leaf(
                            "The convention of properties (NM407), likewise.", "convention", choices=CONVENTIONS
                        ),
                        "words": Leaf("Words that are fine as they are written here, such as iOS.", "texts", ()),
                        "prefixes": Leaf("What may stand before a name and is not looked at.", "texts", ("$", "_")),
                    },
                ),
                "dynamic": Leaf(
                    "So many names that differ in nothing but numbers or values are made by code (NM403, NM409).",
                    "whole",
                    20,
                    low=2,
                ),
            },
        ),
        "baseline": Table(
            "Findings that are known and fail no run.",
            {
                "file": Leaf("The baseline file.", "text", path=True),
                "tolerance": Leaf(
                    "How much the share of calls with a known finding may grow, such as 0.01 for one in a hundred.",
                    "share",
                    0.0,
                ),
            },
        ),
    },
)


def leaves(table: Table = FORM, above: tuple[str, ...] = ()) -> dict[tuple[str, ...], Leaf | Open]:
    """Every key of the form, as the way to it."""
    found: dict[tuple[str, ...], Leaf | Open] = {}
    for key, node in table.members.items():
        if isinstance(node, Table):
            found |= leaves(node, (*above, key))
        else:
            found[(*above, key)] = node
    return found
