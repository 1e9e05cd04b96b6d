"""What a keyword may ask of the evaluator that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from validator.json_schema.equality import Members
    from validator.json_schema.evaluated_parts import Seen


class Frame(Protocol):
    """One schema applied to one value.

    Attributes:
        schema: The schema.
        instance: The value.
        seen: What parts of the value were looked at; None where nothing asks.
    """

    schema: Any
    instance: Any
    seen: Seen | None

    @property
    def whole_floats(self) -> bool:
        """Whether 3.0 is an integer."""
        ...

    def spend(self, steps: int) -> None:
        """Takes steps off what judging the value may take."""
        ...

    def members(self, keyword: str, argument: Any) -> Members:
        """What `enum` or `const` allows."""
        ...

    def pattern(self, text: str) -> Callable[[str], bool]:
        """The search for a pattern."""
        ...

    def format(self, name: str) -> Callable[[str], bool]:
        """The check of a format; of one that is not pinned, everything holds."""
        ...

    def fail(
        self,
        keyword: str,
        argument: Any,
        *,
        missing: str | None = None,
        names: tuple[str, ...] = (),
        branches: Sequence[Sequence[Any]] = (),
    ) -> None:
        """Notes a violation of the value itself, with the violations of each branch of a keyword that has some."""
        ...

    def apply(self, schema: Any, *where: str) -> None:
        """Applies another schema to the same value: its violations are violations here."""
        ...

    def follow(self, keyword: str, target: str) -> None:
        """Applies the schema that a reference names."""
        ...

    def probe(self, schema: Any, *where: str, keep: bool = True) -> list[Any]:
        """The violations of the same value by another schema, which are not yet violations here."""
        ...

    def descend(self, part: str | int, schema: Any, *where: str, named: bool = True) -> None:
        """Applies a schema to a part of the value; `named` tells whether the schema names its key."""
        ...

    def probe_part(self, part: str | int, schema: Any, *where: str) -> list[Any]:
        """The violations of a part by a schema, which are not yet violations here."""
        ...

    def apply_to(self, value: Any, schema: Any, *where: str) -> None:
        """Applies a schema to something else than the value, at the same place."""
        ...
