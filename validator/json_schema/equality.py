"""Equality of JSON values, defined once: equal values have equal keys, and only they."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

_CONTAINERS = (dict, list, tuple)

# Longer integers are compared by their decimal digits, as Python does not convert them in reasonable time.
_DIGITS = 4_000
_BITS = 13_000


def key_of(value: Any) -> Hashable:
    """A hashable key: equal for 1 and 1.0, different for 1 and true, and independent of the order of an object's keys.

    It consists of text, so its hash is seeded: an attacker could make hashes of numbers collide. It is flat, so neither
    building nor comparing it recurses. Values without a JSON type, such as a date in YAML, are compared as text.
    """
    return value if type(value) is str else (_text_of(value),)


def _text_of(value: Any) -> str:
    if not isinstance(value, _CONTAINERS):
        return _scalar(value)
    nodes, starts = [value], []
    for node in nodes:  # grows: each container's nested ones are appended together
        starts.append(len(nodes))
        nodes += [part for part in _parts(node) if isinstance(part, _CONTAINERS)]
    texts = [""] * len(nodes)
    for at in reversed(range(len(nodes))):
        node, inner, inside = nodes[at], list[str](), starts[at]
        for part in _parts(node):
            if isinstance(part, _CONTAINERS):
                inner.append(texts[inside])
                texts[inside] = ""  # otherwise nested text would be stored once for each level
                inside += 1
            else:
                inner.append(_scalar(part))
        if isinstance(node, dict):
            inner = sorted(f"{str(key)!r}:{text}" for key, text in zip(node, inner, strict=True))
            texts[at] = "{" + ",".join(inner) + "}"
        else:
            texts[at] = "[" + ",".join(inner) + "]"
    return texts[0]


def _parts(node: Any) -> Iterable[Any]:
    return node.values() if isinstance(node, dict) else node


def _scalar(value: Any) -> str:
    return _SCALARS.get(type(value), _other)(value)


def _other(value: Any) -> str:
    return repr(str(value))


def _integer(value: int) -> str:
    return hex(value) if value.bit_length() <= _BITS else _digits(Decimal(value))


def _float(value: float) -> str:
    return hex(int(value)) if value.is_integer() else value.hex()


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        return str(value)
    if value.adjusted() < _DIGITS:
        if value == (whole := value.to_integral_value()):
            return _integer(int(whole))
        if value == (number := float(value)):
            return _float(number)
    return _digits(value)


def _digits(value: Decimal) -> str:
    """The digits of a number without trailing zeros, and the power of ten."""
    mantissa, _, exponent = f"{value:E}".partition("E")
    digits = mantissa.replace(".", "")
    return f"{digits.rstrip('0')}e{exponent}"


_SCALARS: dict[type, Callable[[Any], str]] = {
    str: repr,
    bool: str,
    int: _integer,
    float: _float,
    Decimal: _decimal,
    type(None): str,
}


class Members:
    """A set of JSON values, such as those of an `enum`.

    Keys of objects and arrays are computed only when a value of the same kind and length is first looked up.
    """

    def __init__(self, values: Iterable[Any]) -> None:
        self._scalars: set[Hashable] = set()
        self._unkeyed: dict[tuple[type, int], list[Any]] = {}
        self._keyed: dict[tuple[type, int], frozenset[Hashable]] = {}
        for value in values:
            if isinstance(value, _CONTAINERS):
                self._unkeyed.setdefault(_kind(value), []).append(value)
            else:
                self._scalars.add(key_of(value))

    def __contains__(self, value: Any) -> bool:
        if not isinstance(value, _CONTAINERS):
            return key_of(value) in self._scalars
        kind = _kind(value)
        if (values := self._unkeyed.pop(kind, None)) is not None:
            self._keyed[kind] = frozenset(map(key_of, values))
        return kind in self._keyed and key_of(value) in self._keyed[kind]


def _kind(value: Any) -> tuple[type, int]:
    return dict if isinstance(value, dict) else list, len(value)
