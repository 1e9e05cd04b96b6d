"""A plan as read by a format, before the checks common to all formats."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from validator.errors import PlanError
from validator.model import Diagnostic
from validator.plan.loaded_plan import Source, Spot
from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from validator.syntax.document import Document, Keys

MOST_REPORTED = 50

Value = TypeVar("Value")


class RuleDraft(NamedTuple):
    """A plan rule that a format has read.

    Attributes:
        type: `TRACK`, `PAGE`, `SCREEN`, `IDENTIFY`, `GROUP` or `COMMON`.
        key: The event or page name.
        schema: JSON Schema of the whole message.
        sources: As in `Spots`.
        version: The rule's version.
    """

    type: str
    key: str | None
    schema: dict[str, Any]
    sources: tuple[Source, ...]
    version: int = 1


class PlanDraft(NamedTuple):
    """A plan that a format has read.

    Attributes:
        name: Its display name; empty if the file has none.
        rules: Its rules.
        id: Its id; empty if the file has none.
        description: Its purpose.
        documents: JSON Schemas supplied with it, by address, that its rules may refer to.
    """

    name: str
    rules: list[RuleDraft]
    id: str = ""
    description: str | None = None
    documents: Mapping[str, Any] = MappingProxyType({})


class Notes:
    """Collects mistakes in a plan: errors, and oddities that are corrected on reading.

    Attributes:
        errors: Mistakes that make the plan unusable.
        oddities: Mistakes that do not.
    """

    __slots__ = ("errors", "oddities")

    def __init__(self) -> None:
        self.errors: list[Diagnostic] = []
        self.oddities: list[Diagnostic] = []

    def error(self, code: Code, at: Spot, message: str, help_text: str) -> None:
        """Notes a mistake that makes the plan unusable.

        Raises:
            PlanError: There are too many errors.
        """
        self.errors.append(Diagnostic(code.value, *at, message, help_text))
        if len(self.errors) == MOST_REPORTED:
            self.raise_errors()

    def oddity(self, code: Code, at: Spot, message: str, help_text: str) -> None:
        """Notes a mistake that is corrected on reading."""
        if len(self.oddities) < MOST_REPORTED:
            self.oddities.append(Diagnostic(code.value, *at, message, help_text))

    def raise_errors(self) -> None:
        """Raises the errors, if there are any.

        Raises:
            PlanError: There are errors; it lists all of them, sorted by place.
        """
        if self.errors:
            raise PlanError(sorted(self.errors, key=lambda d: (d.path, d.line, d.column, d.code)))


class Part:
    """A value in a document, with its place and typed access to its members."""

    __slots__ = ("document", "keys", "notes", "value")

    def __init__(self, document: Document, keys: Keys, value: Any, notes: Notes) -> None:
        self.document, self.keys, self.value, self.notes = document, keys, value, notes

    @property
    def spot(self) -> Spot:
        """Its place."""
        return Spot(self.document.path, *self.document.mark(self.keys))

    def source(self, place: tuple[str, ...] = ()) -> Source:
        """This value as the source of a part of a schema."""
        return Source(self.document, self.keys, place)

    def get(self, key: str) -> Part:
        """A member of a mapping; its value is None if missing."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Part(self.document, (*self.keys, key), value, self.notes)

    def parts(self, key: str | None = None) -> list[Part]:
        """The elements of a list, or of a member's list; anything else is reported."""
        part = self if key is None else self.get(key)
        if part.value is None:
            return []
        if not isinstance(part.value, list):
            part.bad("must be a list")
            return []
        return [Part(part.document, (*part.keys, i), value, self.notes) for i, value in enumerate(part.value)]

    def members(self) -> list[tuple[str, Part]]:
        """The members of a mapping."""
        return [(key, self.get(key)) for key in self.value] if isinstance(self.value, dict) else []

    def text(self, key: str, default: str = "") -> str:
        """A member that is text; anything else is reported."""
        return self._member(key, default, lambda value: isinstance(value, str), "must be text")

    def flag(self, key: str, default: bool) -> bool:
        """A member that is true or false; anything else is reported."""
        return self._member(key, default, lambda value: isinstance(value, bool), "must be true or false")

    def whole(self, key: str, default: int) -> int:
        """A member that is a whole number from 0; anything else is reported."""
        return self._member(key, default, _is_whole, "must be a whole number from 0")

    def mapping(self, key: str) -> dict[str, Any] | None:
        """A member that is a mapping, None if missing; anything else is reported."""
        return self._member(key, None, lambda value: isinstance(value, dict), "must be an object")

    def _member(self, key: str, default: Value, holds: Callable[[Any], bool], what: str) -> Value:
        part = self.get(key)
        if part.value is None or holds(part.value):
            return default if part.value is None else part.value
        part.bad(what)
        return default

    def bad(self, what: str, code: Code = Code.BAD_TYPE, help_text: str = "fix it here") -> None:
        """Reports that the value is wrong."""
        self.notes.error(code, self.spot, f"{shown(self._name())} {what}", help_text)

    def _name(self) -> str:
        last = self.keys[-1] if self.keys else "the file"
        return f"element {last}" if isinstance(last, int) else last


def _is_whole(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 31
