"""Reads everything that plan rules need to know of one call, for the evaluator and for `explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.engine.compile.deviation import Facts
from validator.engine.compile.place_checks import PlaceChecks, in_order
from validator.engine.decode.call import JSON_TYPE_OF, UNSET
from validator.json_schema.budget import Budget
from validator.model import pointer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validator.engine.compile.tables import Table
    from validator.engine.compile.value_checks import Failed
    from validator.engine.decode.call import Call

_PROPERTIES = pointer("properties")


class FactsReader:
    """Reads the facts of the calls of one table.

    Args:
        table: The table.
        attributes: Top-level field -> the attribute of a call that holds it.
        budget: The steps that judging a call may take.
    """

    def __init__(self, table: Table, attributes: Mapping[str, str], budget: Budget | None = None) -> None:
        fields = table.rules.fields
        self._budget = budget or Budget()
        self._table = table
        self._below = [(key, place, _checks(table, place)) for key, place in fields.properties.items()]
        self._top = [(attributes[name], place, _checks(table, place)) for name, place in fields.fields.items()]
        self._open = table.open

    def failed_as_a_whole(self, call: Call, properties: Any) -> list[Failed]:
        """Which checks of the whole message, or of all properties, fail."""
        found: list[Failed] = []
        for check in self._open:
            value = properties if check.place == _PROPERTIES else call.whole  # type: ignore[attr-defined]
            if check.settled(type(value)) is None:
                found += check.found(value, self._budget)
        return found

    def read(self, call: Call, properties: Any) -> Facts:
        """The facts of a call with decoded properties."""
        self._budget.begin()
        types: dict[str, str] = {}
        failed = self.failed_as_a_whole(call, properties)
        for key, place, checks in self._below if isinstance(properties, dict) else ():
            if key in properties:
                types[place] = JSON_TYPE_OF[type(properties[key])]
                failed += checks.failed(properties[key], self._budget)
        for attribute, place, checks in self._top:
            value = getattr(call, attribute)
            if value is not UNSET:
                types[place] = JSON_TYPE_OF[type(value)]
                failed += checks.failed(value, self._budget)
        more = (
            self._table.judges_further_keys
            and isinstance(properties, dict)
            and not self._table.named.issuperset(properties)
        )
        return Facts(self._table.key, dict(sorted(types.items())), more, in_order(failed))


def _checks(table: Table, place: str) -> PlaceChecks:
    return PlaceChecks(table.rules.fields.checks.get(place, ()))
