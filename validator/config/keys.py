"""The keys of a configuration file, with their types and defaults."""

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
        kind: Its type: string, list of strings, boolean, share from 0 to 1, whole number, number of errors or a share
            of them in percent, choice, or a choice or a table with a pattern.
        default: The default value.
        path: Whether it names files, relative to the configuration file.
        names: Whether a value without a slash is a pattern of names anywhere, and not a relative path.
        choices: The words of a choice.
        low: The smallest whole number.
        high: The largest whole number.
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
    """A table whose keys are names chosen by the user or listed in `keys`.

    Attributes:
        about: What it sets.
        value: The type of the values.
        keys: The allowed names; empty for any.
        nested: Whether a value may also be a table of such values.
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
    "What uclint checks and how; command-line options override it.",
    {
        "use-cases": Leaf("Use cases to check: goal/use-case, or the bare slug for it under every goal.", "texts", ()),
        "goals": Leaf("Goals of which all use cases are checked.", "texts", ()),
        "plans": Leaf("Tracking plans of your own to check by.", "texts", (), path=True),
        "unplanned": Leaf(
            "Severity of events and properties that those plans do not have.",
            "choice",
            "warn",
            choices=("ignore", "warn", "error"),
        ),
        "catalog": Leaf("A directory with plan files, instead of the bundled goals and use cases.", "text", path=True),
        "inputs": Leaf("What to read if no path is given: files, directories or globs.", "texts", (), path=True),
        "exclude": Leaf(
            "What not to read: globs of names of files and folders, or, with a slash, of paths.",
            "texts",
            (),
            path=True,
            names=True,
        ),
        "fail-on": Leaf(
            "The least severity that makes the exit code 1.", "choice", "error", choices=("warning", "error", "never")
        ),
        "allow-empty": Leaf("Do not fail when there is no input.", "flag", default=False),
        "max-errors": Leaf(
            "Errors that end the reading: a number, or a share of calls such as 5%, after 1,000 calls.",
            "errors",
        ),
        "outputs": Open(
            "Reports to write: format and file; - is standard output.",
            Leaf("The file of the report.", "text", path=True),
            keys=FORMATS,
        ),
        "rules": Table(
            "Which rules are used, and the severities of their findings.",
            {
                "select": Leaf("Rules to use: codes, their beginnings, names, or ALL.", "texts", ("ALL",)),
                "ignore": Leaf("Rules not to use, likewise.", "texts", ()),
                "severity": Open(
                    "Severity of a rule, given by its code, the beginning of a code, or its name.",
                    Leaf("The severity.", "choice", choices=("error", "warning", "off")),
                ),
            },
        ),
        "coverage": Table(
            "Minimum coverage, from 0 to 1; less fails the run.",
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
            "Limits on memory and time.",
            {
                "line": Leaf("Bytes of a line.", "whole", _LIMITS.line, low=1, high=1 << 30),
                "depth": Leaf("Nesting of a call.", "whole", _LIMITS.depth, low=1, high=500),
                "names": Leaf("Distinct unplanned event names kept.", "whole", _LIMITS.names),
                "places": Leaf("Places named for each finding.", "whole", _LIMITS.places, high=1000),
            },
        ),
        "names": Table(
            "Your own names for what use cases recommend, and naming conventions.",
            {
                "events": Open("Your name of an event -> the recommended name.", Leaf("The recommended name.", "text")),
                "properties": Open(
                    "Your name of a property -> the recommended name; in a table named like an event, for that event.",
                    Leaf("The recommended name.", "text"),
                    nested=True,
                ),
                "case": Table(
                    "Naming conventions for names that are in no plan.",
                    {
                        "events": Leaf(
                            "The convention of events (NM406): a word, or a table with a `pattern` for whole names.",
                            "convention",
                            choices=CONVENTIONS,
                        ),
                        "properties": Leaf(
                            "The convention of properties (NM407), likewise.", "convention", choices=CONVENTIONS
                        ),
                        "words": Leaf("Words that are always fine as written here, such as iOS.", "texts", ()),
                        "prefixes": Leaf("Prefixes of names to ignore.", "texts", ("$", "_")),
                    },
                ),
                "dynamic": Leaf(
                    "Number of names differing only in numbers or values that are taken as generated (NM403, NM409).",
                    "whole",
                    20,
                    low=2,
                ),
            },
        ),
        "baseline": Table(
            "Known findings, which fail no run.",
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
    """All keys, as paths."""
    found: dict[tuple[str, ...], Leaf | Open] = {}
    for key, node in table.members.items():
        if isinstance(node, Table):
            found |= leaves(node, (*above, key))
        else:
            found[(*above, key)] = node
    return found
