"""Scans places of a call that are judged jointly, or that are not in its properties."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol

from validator.engine.compile.deviation import ABSENT
from validator.engine.compile.place_checks import in_order
from validator.engine.compile.value_checks import Failed
from validator.engine.decode.call import JSON_TYPE_OF, UNSET
from validator.model import pointer_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from validator.engine.compile.deviation import Deviation
    from validator.engine.compile.groups import Group
    from validator.engine.compile.tables import Table
    from validator.engine.decode.call import Call
    from validator.engine.scan.sums import Sum
    from validator.json_schema.budget import Budget


class Scanning(Protocol):
    """The table at work that the places belong to."""

    table: Table
    budget: Budget

    def sum_of(self, deviation: Deviation) -> Sum:
        """A new sum for a deviation."""
        ...


class Memo(dict[tuple[tuple[str, ...], tuple[Failed, ...]], "Sum | None"]):
    """The sums of a group, by the types of its values and the failed checks; None if that is fine."""

    def __init__(self, group: Group, scan: Scanning) -> None:
        self._group = group
        self._scan = scan

    def __missing__(self, outcome: tuple[tuple[str, ...], tuple[Failed, ...]]) -> Sum | None:
        deviation = self._scan.table.deviation(self._group.places, *outcome)
        found = self[outcome] = self._scan.sum_of(deviation) if deviation else None
        return found


class Joint:
    """Places that are judged jointly, or that are not in `/properties`."""

    def __init__(self, group: Group, scan: Scanning, attributes: Mapping[str, str]) -> None:
        self._memo = Memo(group, scan)
        self._budget = scan.budget
        self._pairs = tuple(group.pairs)
        self._places = [(*_where(place, attributes), checks) for place, checks in self._pairs]
        self._reads = [_of_call(attribute) if key is None else _of_dict(key) for key, attribute, _ in self._places]
        self._settled: dict[tuple[type, ...], Sum | None] = {}

    def find(self, call: Call, properties: Any) -> Sum | None:
        """The deviation of a call's values there; None if they are fine."""
        return self.judge([read(call, properties) for read in self._reads])

    def is_settled(self, values: Iterable[Any]) -> bool:
        """Whether the types of values, one for each place, decide whether they are fine."""
        return not any(
            value is not UNSET and checks.of_type(value.__class__).open
            for value, (_, _, checks) in zip(values, self._places, strict=True)
        )

    @property
    def size(self) -> int:
        """How many places there are."""
        return len(self._places)

    def named_places(self) -> tuple[tuple[bool, str], ...] | None:
        """For each place whether it is in the properties, and its key or field; None if one is deeper."""
        found = []
        for place, _ in self._pairs:
            *above, name = pointer_keys(place)
            if above not in ([], ["properties"]):
                return None
            found.append((bool(above), name))
        return tuple(found)

    def sum_of_types(self, kinds: Sequence[type]) -> tuple[bool, Sum | None]:
        """Whether the types of values tell how they deviate, and the deviation; that of UNSET stands for no value."""
        types, failed = [], list[Failed]()
        for kind, (_, _, checks) in zip(kinds, self._places, strict=True):
            if kind is UNSET.__class__:
                types.append(ABSENT)
                continue
            of_type = checks.of_type(kind)
            if of_type.open:
                return False, None
            types.append(JSON_TYPE_OF[kind])
            failed += of_type.settled
        return True, self._memo[tuple(types), in_order(failed) if failed else ()]

    def attributes(self, keys: Mapping[str, str]) -> list[tuple[bool, str | None]]:
        """For each place whether it is in the properties, and the attribute that holds it; None if none does."""
        return [(key is not None, attribute if key is None else keys.get(key)) for key, attribute, _ in self._places]

    def judge(self, values: Sequence[Any]) -> Sum | None:
        """The deviation of values, one for each place, UNSET if there is none."""
        kinds = tuple(map(type, values))
        if kinds in self._settled:
            return self._settled[kinds]
        types: list[str] = []
        failed: list[Failed] = []
        settled = True
        for value, (_, _, checks) in zip(values, self._places, strict=True):
            if value is UNSET:
                types.append(ABSENT)
                continue
            types.append(JSON_TYPE_OF[value.__class__])
            failed += checks.failed(value, self._budget)
            settled = settled and not checks.of_type(value.__class__).open
        found = self._memo[tuple(types), in_order(failed) if failed else ()]
        if settled:
            self._settled[kinds] = found
        return found


def _of_call(attribute: str | None) -> Callable[[Call, Any], Any]:
    read = attrgetter(attribute or "")
    return lambda call, _: read(call)


def _of_dict(key: str) -> Callable[[Call, Any], Any]:
    return lambda _, properties: UNSET if properties is None else properties.get(key, UNSET)


def _where(place: str, attributes: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The key in the properties, or the attribute of the call, that holds the value at a place."""
    keys = pointer_keys(place)
    if len(keys) == 2 and keys[0] == "properties":
        return keys[1], None
    return None, attributes[keys[0]]
