"""The value checks at one place, by the type of the value."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from validator.engine.compile.value_checks import SCHEMA, Failed
from validator.engine.decode.call import JSON_TYPE_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from validator.engine.compile.value_checks import ValueCheck
    from validator.json_schema.budget import Budget


class TypeChecks(NamedTuple):
    """The checks of values of one type.

    Attributes:
        settled: Checks that all such values fail.
        tests: Checks that depend on the value, each with its test.
        schemas: Checks by a whole schema.
    """

    settled: tuple[Failed, ...]
    tests: tuple[tuple[ValueCheck, Callable[[Any], bool]], ...]
    schemas: tuple[ValueCheck, ...]

    @property
    def open(self) -> bool:
        """Whether the result depends on the value."""
        return bool(self.tests or self.schemas)


class PlaceChecks:
    """The value checks at one place.

    Args:
        checks: The checks; those of equal ids are one.
    """

    def __init__(self, checks: Iterable[ValueCheck]) -> None:
        self.checks = tuple(dict.fromkeys(checks))
        self._of_type: dict[type, TypeChecks] = {}

    def of_type(self, kind: type) -> TypeChecks:
        """The checks for values of a Python type."""
        found = self._of_type.get(kind)
        if found is None:
            found = self._of_type[kind] = _arranged(self.checks, kind)
        return found

    @cached_property
    def decided(self) -> frozenset[str]:
        """The JSON types for which the result depends on the value."""
        if not self.checks:
            return frozenset()
        return frozenset(json_type for kind, json_type in JSON_TYPE_OF.items() if self.of_type(kind).open)

    def failed(self, value: Any, budget: Budget) -> tuple[Failed, ...]:
        """The checks that a value fails, sorted."""
        settled, tests, schemas = self.of_type(value.__class__)
        failed = [*settled, *(Failed(check.id) for check, test in tests if not test(value))]
        for check in schemas:
            failed += check.found(value, budget)
        return in_order(failed) if failed else ()


@lru_cache(maxsize=4_096)
def place_checks(checks: tuple[ValueCheck, ...]) -> PlaceChecks:
    """The value checks at a place; events of one plan share them, and what is made of them."""
    return PlaceChecks(checks)


def in_order(failed: Iterable[Failed]) -> tuple[Failed, ...]:
    """Sorts failed checks, so that they can be compared."""
    return tuple(sorted(failed, key=repr))


def _arranged(checks: Iterable[ValueCheck], kind: type) -> TypeChecks:
    settled, open_ = [], []
    for check in checks:
        passes = check.settled(kind)
        if passes is None:
            open_.append(check)
        elif not passes:
            settled.append(Failed(check.id))
    return TypeChecks(
        tuple(settled),
        tuple((check, check.test(kind)) for check in open_ if check.keyword != SCHEMA),
        tuple(check for check in open_ if check.keyword == SCHEMA),
    )
