"""Types shared by all layers: line classes, places, severities, JSON types and diagnostics."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, NamedTuple

CALL_TYPES = ("track", "page", "screen", "identify", "group", "alias")

JsonType = Literal["null", "boolean", "integer", "number", "string", "array", "object"]
JSON_TYPES: tuple[JsonType, ...] = ("null", "boolean", "integer", "number", "string", "array", "object")


class Severity(StrEnum):
    """The severity of a finding, worst first."""

    ERROR = "error"
    WARNING = "warning"

    @property
    def rank(self) -> int:
        """0 for the worst; sorts findings."""
        return tuple(Severity).index(self)


class LineClass(StrEnum):
    """The class of a physical line (or, in documents, of an element); each is in exactly one."""

    CALL = "call"
    BATCH = "batch"
    BLANK = "blank"
    MALFORMED = "malformed"
    NOT_OBJECT = "not_object"
    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"


class Place(NamedTuple):
    """The place where a call starts. Places compare in input order.

    Attributes:
        input: The number of its input, from 0.
        byte: Offset of the line (or element) in the decompressed input, from 0.
        position: Index inside a batch or an array, from 0; -1 outside one.
        line: Line number, from 1.
        message_id: The call's `messageId` where it is a string, else None.
    """

    input: int
    byte: int
    position: int
    line: int
    message_id: str | None


class Limits(NamedTuple):
    """Limits on memory and time; whatever exceeds a limit is counted and reported.

    Attributes:
        line: Bytes of a line (or of an element in documents) without its LF.
        depth: Nesting of arrays and objects, including the call itself.
        names: Distinct unplanned event names kept by name.
        deviations: Distinct deviations kept; the rest is judged at once and kept as sums.
        places: Places kept for each finding.
    """

    line: int = 1 << 20
    depth: int = 128
    names: int = 10_000
    deviations: int = 10_000
    places: int = 5


class MaxErrors(NamedTuple):
    """The number of errors that ends the reading, or their share of all calls and other errors.

    An error is a line (or element) that is malformed, not an object, too long or too deep; a member of a batch that is
    not an object; or an invalid call.

    Attributes:
        errors: The number; for a share, its numerator.
        of: The denominator of a share; None for a number.
    """

    errors: int
    of: int | None = None

    @classmethod
    def parse(cls, text: str) -> MaxErrors:
        """Reads `100` or `0.5%`.

        Raises:
            ValueError: It is neither a number of at least 1 nor a share above 0% and up to 100%.
        """
        number, percent, rest = text.strip().partition("%")
        whole, point, decimals = number.partition(".")
        digits = whole + decimals
        fits = digits.isascii() and digits.isdigit() and whole and len(digits) <= _MOST_DIGITS and not rest
        if fits and (not point or (decimals and percent)):
            found = cls(int(digits), 100 * 10 ** len(decimals) if percent else None)
            if 1 <= found.errors <= (found.of or found.errors):
                return found
        raise ValueError(f"{text!r} is neither a number of errors from 1, such as 100, nor a share such as 5%")


_MOST_DIGITS = 15


class Diagnostic(NamedTuple):
    """A mistake in a plan or configuration file.

    Attributes:
        code: A permanent code of the PL6xx family.
        path: The file.
        line: From 1; 0 for the whole file.
        column: From 1; 0 for the whole line.
        message: What is wrong and where it matters.
        help: What to do about it.
    """

    code: str
    path: str
    line: int
    column: int
    message: str
    help: str = ""

    def __str__(self) -> str:
        place = ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)])
        return f"{place}: {self.code} {self.message}" + (f"\n  help: {self.help}" if self.help else "")


def pointer(*keys: str) -> str:
    """A JSON pointer."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)


def pointer_keys(text: str) -> tuple[str, ...]:
    """The keys of a JSON pointer."""
    if "~" not in text:
        return tuple(text.split("/")[1:])
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:])
