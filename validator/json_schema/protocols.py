"""The evaluator's interface for keywords."""

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
        seen: The evaluated parts of the value; None if no keyword needs them.
    """

    schema: Any
    instance: Any
    seen: Seen | None

    @property
    def whole_floats(self) -> bool:
        """Whether 3.0 is an integer."""

    def spend(self, steps: int) -> None:
        """Deducts steps from the budget."""

    def members(self, keyword: str, argument: Any) -> Members:
        """The values that `enum` or `const` allows."""

    def pattern(self, text: str) -> Callable[[str], bool]:
        """The search for a pattern."""

    def format(self, name: str) -> Callable[[str], bool]:
        """The check of a format; an unknown format accepts everything."""

    def fail(
        self,
        keyword: str,
        argument: Any,
        *,
        missing: str | None = None,
        names: tuple[str, ...] = (),
        branches: Sequence[Sequence[Any]] = (),
    ) -> None:
        """Adds a violation of the value itself, with the violations of each branch if the keyword has branches."""

    def apply(self, schema: Any, *where: str) -> None:
        """Applies another schema to the same value and adds its violations."""

    def follow(self, keyword: str, target: str) -> None:
        """Applies the target of a reference."""

    def probe(self, schema: Any, *where: str, keep: bool = True) -> list[Any]:
        """The violations of the same value by another schema, without adding them."""

    def descend(self, part: str | int, schema: Any, *where: str, named: bool = True) -> None:
        """Applies a schema to a part of the value; `named`: whether the schema names its key."""

    def probe_part(self, part: str | int, schema: Any, *where: str) -> list[Any]:
        """The violations of a part by a schema, without adding them."""

    def apply_to(self, value: Any, schema: Any, *where: str) -> None:
        """Applies a schema to another value at the same location."""
