"""Settings: the effective values, and the origin of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from validator.config.keys import Leaf, leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Key = tuple[str, ...]


class Origin(msgspec.Struct, frozen=True):
    """Where a value came from.

    Attributes:
        kind: The default, a configuration file, or an option.
        name: The file or the option; empty for the default.
        line: In a file, the line, from 1.
        column: In a file, the column, from 1.
    """

    kind: Literal["default", "file", "option"] = "default"
    name: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if self.kind == "file":
            return f"{self.name}:{self.line}:{self.column}"
        return self.name or "default"


class Setting(msgspec.Struct, frozen=True):
    """A value, its origin, and for a list the origin of each element."""

    value: Any
    origin: Origin
    elements: tuple[Origin, ...] = ()


class Settings:
    """Every setting by its key; in a table with arbitrary names, the name is the last part of the key.

    Args:
        values: Later ones override earlier ones of the same key.
    """

    def __init__(self, *values: Mapping[Key, Setting]) -> None:
        self._values: dict[Key, Setting] = {}
        for layer in values:
            self._values |= layer

    def __iter__(self) -> Iterator[tuple[Key, Setting]]:
        """Every key with its setting, in the order of the keys."""
        order = list(leaves())
        return iter(sorted(self._values.items(), key=lambda entry: _rank(entry[0], order)))

    def setting(self, key: str) -> Setting:
        """The setting of a key such as `rules.select`."""
        return self._values[tuple(key.split("."))]

    def value(self, key: str) -> Any:
        """The value of a key such as `rules.select`."""
        return self.setting(key).value

    def table(self, key: str) -> dict[Key, Setting]:
        """The settings below a key such as `names.events`, by the rest of the key."""
        above = tuple(key.split("."))
        return {k[len(above) :]: v for k, v in self._values.items() if k[: len(above)] == above and k != above}

    def without(self, keys: Iterable[str]) -> Settings:
        """A copy with some keys reset to their defaults."""
        gone = {tuple(key.split(".")) for key in keys}
        kept = {k: v for k, v in self._values.items() if not any(k[: len(g)] == g for g in gone)}
        return Settings({k: v for k, v in DEFAULTS.items() if k in gone}, kept)


def _rank(key: Key, order: list[Key]) -> int:
    return next(number for number, known in enumerate(order) if key[: len(known)] == known)


DEFAULTS: Mapping[Key, Setting] = {
    key: Setting(leaf.default, Origin()) for key, leaf in leaves().items() if isinstance(leaf, Leaf)
}
