"""The explanation of one call, ready to be rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validator.model import LineClass, Severity

if TYPE_CHECKING:
    from validator.report.call_violations import CallViolation


class RuleMet(msgspec.Struct, frozen=True):
    """A plan rule that applies to the call.

    Attributes:
        plans: The use cases and plans that have it.
        type: The call type it is about; `common` for every call.
        key: The event or page name it is about; None for all of the type.
        version: Its version.
        errors: Violations of it of error severity.
        warnings: Its other violations.
    """

    plans: tuple[str, ...]
    type: str
    key: str | None
    version: int
    errors: int
    warnings: int


class Broken(msgspec.Struct, frozen=True):
    """A violation, with its details in this call.

    Attributes:
        violation: The violation.
        spots: JSON pointers of its first exact places.
        found: The number of such places.
        values: The values there, shortened, if shown.
        sources: Its places in plan files, as `file:line:column`.
        fix: How to fix it.
    """

    violation: CallViolation
    spots: tuple[str, ...]
    found: int
    values: tuple[str, ...]
    sources: tuple[str, ...]
    fix: str


class Explanation(msgspec.Struct, frozen=True):
    """The explanation of one call.

    Attributes:
        path: The input.
        line: The line it is on, from 1.
        byte: Where that line (or element) starts.
        index: Its index in a batch or an array, if it is in one.
        line_class: The class of the line.
        fault: The code and the message of a fault in the line itself, if any.
        type: Its `type` as sent; None where it is not a string.
        event: Its event, or its name if it is a page or screen call.
        message_id: Its `messageId` where it is a string.
        rules: The plan rules that apply to it.
        unplanned: The user's own plans that have no rule for it.
        near: The planned event name that its own is similar to.
        violations: What it breaks.
    """

    path: str
    line: int
    byte: int
    index: int | None
    line_class: LineClass
    fault: tuple[str, str] | None = None
    type: str | None = None
    event: str | None = None
    message_id: str | None = None
    rules: tuple[RuleMet, ...] = ()
    unplanned: tuple[str, ...] = ()
    near: str | None = None
    violations: tuple[Broken, ...] = ()

    @property
    def errors(self) -> int:
        """How many violations are of error severity, or faults of the line."""
        of_line = self.fault is not None and self.line_class is not LineClass.CALL
        return of_line + sum(b.violation.severity == Severity.ERROR.value for b in self.violations)
