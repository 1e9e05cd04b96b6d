"""What a lint rule is, and how its examples are written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from typing import Final

    from validator.model import Severity

USE_CASE_OF_EXAMPLES: Final = "acquire-paid-subscriptions"

_REPEATED: Final = re.compile(r"<(.)\*([0-9]+)>")


class Sentence(msgspec.Struct, frozen=True, eq=False):
    """What a finding says: templates whose `{fields}` the finder fills in.

    Attributes:
        one: What is said of one call, line, input or name; and of several, if nothing else is said of them.
        many: What is said of several.
        special: What is said instead in cases that the finder names.
    """

    one: str
    many: str = ""
    special: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def parts(self) -> frozenset[str]:
        """The names of the fields that a finder fills in."""
        from string import Formatter  # noqa: PLC0415 - only for saved profiles

        return frozenset(name for text in (self.one, self.many) for _, name, *_ in Formatter().parse(text) if name)

    def say(self, count: int = 1, /, case: str | None = None, **parts: str) -> str:
        """The sentence about a number of things; `{count}` is that number."""
        text = self.one if count == 1 or not self.many else self.many
        return (text if case is None else self.special[case]).format(count=f"{count:,}", **parts)


class Rule(msgspec.Struct, frozen=True):
    r"""A lint rule and everything there is to say about it; all of it is Markdown but the examples.

    Examples are the whole content of a small file and end with a line end. Those of events and inputs are NDJSON,
    checked against the use case `USE_CASE_OF_EXAMPLES`; those of plan files are YAML. They are bytes where the content
    is no text. In text, `<x*1000>` stands for a thousand times `x`; `content` writes it out. Where it is the file that
    is wrong and not its content (IN507), the example is its line in `ls -l`.

    Attributes:
        code: Permanent; it never changes its meaning.
        name: In kebab case, as permanent.
        severity: How bad a finding is unless it says otherwise.
        summary: What it finds, on one line.
        why: Why it matters to whoever uses the data.
        fix: What to do about it.
        bad: An example with a finding.
        good: The same without.
        on: Whether it is on unless switched off; the others are on only where they are selected.
        says: What its findings say. Of plan files, the diagnostic says it, where it is found.
        brief: What is wrong with a property that is there, in two words; empty where the rule is about something else.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    why: str
    fix: str
    bad: bytes | str
    good: bytes | str
    on: bool = True
    says: Sentence = Sentence("{message}")
    brief: str = ""


def notation(example: bytes | str) -> str:
    """What a repetition in an example stands for; empty where there is none."""
    found = _REPEATED.search(example) if isinstance(example, str) else None
    return f"`{found[0]}` stands for {int(found[2]):,} times `{found[1]}`" if found else ""


def content(example: bytes | str) -> bytes:
    """The bytes of the file that an example shows."""
    if isinstance(example, bytes):
        return example
    return _REPEATED.sub(lambda match: match[1] * int(match[2]), example).encode()
