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
    """The messages of findings: templates whose `{fields}` the finder fills in.

    Attributes:
        one: The message for one call, line, input or name, and for several if `many` is empty.
        many: The message for several.
        special: The messages of special cases, which the finder names.
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
        """The message for a number of things; `{count}` is that number."""
        text = self.one if count == 1 or not self.many else self.many
        return (text if case is None else self.special[case]).format(count=f"{count:,}", **parts)


class Rule(msgspec.Struct, frozen=True):
    r"""A lint rule and its documentation. Texts are Markdown, except the examples.

    An example is the whole content of a small file and ends with a line end. Those of events and inputs are NDJSON,
    checked against the use case `USE_CASE_OF_EXAMPLES`; those of plan files are YAML. They are bytes where the content
    is not text. In text, `<x*1000>` stands for a thousand times `x`; `content` writes it out. If it is the file that
    is wrong and not its content (IN507), the example is its line in `ls -l`.

    Attributes:
        code: Permanent; it never changes its meaning.
        name: In kebab case; permanent, too.
        severity: The default severity of its findings.
        summary: What it finds, on one line.
        why: Why it matters to users of the data.
        fix: How to fix it.
        bad: An example with a finding.
        good: The same without a finding.
        on: Whether it is on by default; other rules must be selected.
        says: The messages of its findings. For plan files, the diagnostic has its own message.
        brief: What is wrong with a present property, in two words; empty if the rule is about something else.
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


def content(example: bytes | str) -> bytes:
    """The bytes of the file that an example shows."""
    if isinstance(example, bytes):
        return example
    return _REPEATED.sub(lambda match: match[1] * int(match[2]), example).encode()
