"""Values inside top-level fields: what to decode for them, and how to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from validator.engine.decode.call import UNSET, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# Path of keys to a value from the top of a call.
KeyPath = tuple[str, ...]


def readable_key(key: str) -> bool:
    """Whether a decoder can read a field of that name: it cannot handle quotes and backslashes."""
    return not any(c in '"\\' or c < " " for c in key)


class Wanted(NamedTuple):
    """What to decode of calls, besides type, event and properties.

    Attributes:
        fields: Top-level fields that plans use.
        deep: Those of them whose content matters, and `properties` if the content of its values does.
        whole: Whether a check needs whole messages.
        others: Further top-level fields with values to read.
        paths: Paths of the values for lint rules and breakdowns, from the top of a call.
        looked_into: Paths of the values of which more than the type, and the beginning of a text, matters.
        properties: The properties that plans or lint rules name.
    """

    fields: tuple[str, ...] = ()
    deep: frozenset[str] = frozenset()
    whole: bool = False
    others: tuple[str, ...] = ()
    paths: tuple[KeyPath, ...] = ()
    looked_into: frozenset[KeyPath] = frozenset()
    properties: frozenset[str] = frozenset()


def inside(paths: Iterable[KeyPath]) -> Any:
    """The type to decode a field to if only these paths below it matter; everything else is skipped."""
    below: dict[str, set[KeyPath]] = {}
    for path in paths:
        below.setdefault(path[0], set()).add(path[1:])
    if not all(map(readable_key, below)):
        return Any
    fields: list[Any] = []
    for key, rests in sorted(below.items()):
        deeper = [rest for rest in rests if rest]
        fields.append((_name(key, below), inside(deeper) if deeper else Value | msgspec.UnsetType, UNSET))
    rename = {_name(key, below): key for key in below}
    struct = msgspec.defstruct("Inside", fields, rename=rename, gc=False, eq=False)
    return struct | str | int | float | bool | None | list[Any] | msgspec.UnsetType


def _name(key: str, among: Iterable[str]) -> str:
    return f"inside_{sorted(among).index(key)}"


def reader(attribute: str, path: KeyPath, paths: Iterable[KeyPath]) -> Callable[[Any], Any]:
    """Makes a reader of the value at a path of a call; UNSET if there is none.

    Args:
        attribute: The attribute of the call that holds the top-level field.
        path: The keys, the field's own first.
        paths: All paths that are decoded.
    """
    below = value_reader(path, paths)
    return lambda call: below(getattr(call, attribute))


def value_reader(path: KeyPath, paths: Iterable[KeyPath]) -> Callable[[Any], Any]:
    """Makes a reader of the value at a path below its top-level field; UNSET if there is none."""
    steps = [(key, name) for key, name in zip(path[1:], names(path, paths), strict=True)]

    def read(value: Any) -> Any:
        for key, name in steps:
            value = value.get(key, UNSET) if isinstance(value, dict) else getattr(value, name, UNSET)
        return value

    return read


def names(path: KeyPath, paths: Iterable[KeyPath]) -> list[str]:
    """The attributes from a top-level field to a path's value."""
    found = []
    for depth in range(1, len(path)):
        siblings = {other[depth] for other in paths if len(other) > depth and other[:depth] == path[:depth]}
        found.append(_name(path[depth], siblings))
    return found


def by_field(paths: Iterable[KeyPath]) -> Mapping[str, tuple[KeyPath, ...]]:
    """The paths below each top-level field; none for a field that is needed whole."""
    found: dict[str, tuple[KeyPath, ...]] = {}
    for path in paths:
        found[path[0]] = (*found.get(path[0], ()), *([path[1:]] if path[1:] else []))
    return found
