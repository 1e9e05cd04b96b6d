"""Tables: for each kind of call, which values deviate."""

from __future__ import annotations

from enum import Enum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from validator.engine.compile.deviation import ABSENT, OBJECT, Deviation, TableKey
from validator.engine.compile.lowered_rule import PROPERTIES
from validator.engine.compile.value_checks import INTEGER
from validator.engine.decode.call import JSON_TYPE_OF
from validator.model import JSON_TYPES, Severity, pointer, pointer_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validator.engine.compile.call_rules import CallRules
    from validator.engine.compile.groups import Group, Member
    from validator.engine.compile.lowered_rule import Test
    from validator.engine.compile.place_checks import PlaceChecks
    from validator.engine.compile.program import Program
    from validator.engine.compile.value_checks import Failed, ValueCheck
    from validator.engine.lint import Fault, Lint

_ALL_TYPES = frozenset(JSON_TYPES)

PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    json_type: tuple(python for python, named in JSON_TYPE_OF.items() if named == json_type) for json_type in JSON_TYPES
}
"""JSON type -> the Python types of its decoded values."""


class Meaning(Protocol):
    """The effect of a deviation on all plans, as far as tables need it."""

    @property
    def nothing(self) -> bool:
        """Whether it is fine with all of them."""

    @property
    def breaks(self) -> int:
        """The plans for which it makes a call invalid, a bit for each."""


class Judging(Protocol):
    """Judges deviations."""

    def __hash__(self) -> int:
        """It is one judge among others."""

    def meaning(self, deviation: Deviation) -> Meaning:
        """What a deviation means for calls."""

    def of_all_calls(self, table: TableKey) -> Meaning:
        """The effect common to all calls of a table."""


class Class(Enum):
    """The class of a planned key with a value of some JSON type, or without one."""

    FINE = "fine"
    COUNTS = "counts"
    VALUE_DECIDES = "the value decides"
    JOINT = "joint"


class PlannedKey(NamedTuple):
    """A key of `/properties` that is judged separately.

    Attributes:
        key: The key.
        place: Its JSON pointer.
        checks: The value checks there.
        tests: The tests of its rules.
        required: Whether its absence deviates.
    """

    key: str
    place: str
    checks: PlaceChecks
    tests: tuple[Test, ...]
    required: bool


@lru_cache(maxsize=4)
def tables_of(program: Program, judge: Judging) -> dict[TableKey, Table]:
    """The tables of a program, made on demand and shared in a process."""
    return _Tables(program, judge)


class _Tables(dict[TableKey, "Table"]):
    def __init__(self, program: Program, judge: Judging) -> None:
        self._program = program
        self._judge = judge

    def __missing__(self, key: TableKey) -> Table:
        table = self[key] = Table(key, self._program, self._judge)
        return table


class Table:
    """Which values deviate in one kind of call.

    Attributes:
        rules: The plan rules for such calls.
        named: The keys of `/properties` that some plan names.
        lint: The lint rules that are on.
        common: What all calls of the table have in common.
    """

    def __init__(self, key: TableKey, program: Program, judge: Judging) -> None:
        self.key = key
        self.rules: CallRules = program.rules_for(key)
        self.named = frozenset(self.rules.fields.properties)
        self.lint: Lint = program.lint
        self.common = judge.of_all_calls(key)
        self._program = program
        self._judge = judge

    @property
    def _has_object(self) -> bool:
        return self.key.properties == OBJECT

    @cached_property
    def keys(self) -> Mapping[str, PlannedKey]:
        """The keys of `/properties` that are judged one by one."""
        if not self._has_object:
            return {}
        return {group.key: self._planned_key(group.key, group) for group in self.rules.groups if group.key is not None}

    @cached_property
    def joint(self) -> tuple[Group, ...]:
        """The places judged for each call: joint places, and top-level fields."""
        groups = self.rules.groups if self._has_object else [g for g in self.rules.groups if not g.below_properties]
        return tuple(group for group in groups if group.key is None)

    @property
    def joint_keys(self) -> Mapping[str, bool]:
        """The keys of `/properties` that are judged jointly -> whether checks look inside their values."""
        keys = ((pointer_keys(place), checks) for group in self.joint for place, checks in group.pairs)
        return {
            key[1]: any(check.deep for check in checks.checks)
            for key, checks in keys
            if len(key) == 2 and key[0] == PROPERTIES
        }

    @cached_property
    def open(self) -> Sequence[ValueCheck]:
        """The checks of the whole message, or of all properties, which need the evaluator for each call."""
        places = ("", pointer("properties")) if self.key.properties != ABSENT else ("",)
        return tuple(dict.fromkeys(c for rule in self.rules.rules for c in rule.checks if c.place in places))

    @property
    def judges_further_keys(self) -> bool:
        """Whether further keys matter to plans."""
        return self._has_object and self.rules.fields.more

    @property
    def counts_further_keys(self) -> bool:
        """Whether further keys are counted by name."""
        return self._has_object and (self.rules.fields.more or self._program.lint.keys)

    @cached_property
    def reserved(self) -> Mapping[str, Mapping[str, Fault | None]]:
        """Reserved keys that no plan judges -> JSON type -> what lint rules find for it."""
        if not self._has_object:
            return {}
        faults = self._program.lint.faults_of_reserved(self.key.type)
        return {key: by_type for key, by_type in faults.items() if key not in self.named}

    @property
    def fault(self) -> Fault | None:
        """Findings of lint rules about all calls of the table."""
        planned = bool(self.rules.rules)
        return self._program.lint.of_properties(self.key.type, self.key.properties, planned=planned)

    def deviation(
        self, places: tuple[str, ...], types: tuple[str, ...], failed: tuple[Failed, ...]
    ) -> Deviation | None:
        """How the values at places deviate, or without places the keys of calls; None where they are fine."""
        deviation = Deviation(self.key, places, types, failed)
        return None if self._judge.meaning(deviation).nothing else deviation

    def breaks(self, deviation: Deviation) -> int:
        """The plans for which a deviation makes a call invalid, a bit for each."""
        return self._judge.meaning(deviation).breaks

    def _planned_key(self, key: str, group: Group) -> PlannedKey:
        required = any(map(self._asks_for, group.members))
        tests = tuple([member.expected.places[0][1] for member in group.members])
        return PlannedKey(key, group.places[0], group.checks[0], tests, required)

    def _asks_for(self, member: Member) -> bool:
        """Whether a missing property deviates."""
        code, severity = ("UC102", Severity.WARNING) if member.expected.recommended else ("TP201", Severity.ERROR)
        required = member.expected.required and self._program.severity(code, severity) is not None
        return member.counted or required

    @cached_property
    def _unplanned_somewhere(self) -> frozenset[str]:
        """The keys that some of the user's own plans do not name, although it has rules for such calls."""
        plans = self.rules.open_plans.values() if self._program.unplanned is not None else ()
        return frozenset(key for key in self.keys if not all(key in named for named in plans))

    def fitting(self, planned: PlannedKey) -> frozenset[str]:
        """The JSON types that are certainly fine under a key, apart from value checks."""
        if planned.key in self._unplanned_somewhere:
            return frozenset()
        return _fitting(planned.tests, planned.checks)

    def classes(self, planned: PlannedKey) -> Mapping[str, Class]:
        """JSON type of the value under a key, or `absent` -> its class."""
        group = self.rules.group_at(planned.place)
        found = {ABSENT: Class.COUNTS if planned.required else Class.FINE}
        for json_type in JSON_TYPES:
            if json_type in planned.checks.decided:
                found[json_type] = Class.VALUE_DECIDES
                continue
            settled = planned.checks.of_type(PYTHON_TYPES[json_type][0]).settled
            deviates = self.deviation(group.places, (json_type,), settled) is not None
            found[json_type] = Class.COUNTS if deviates else Class.FINE
        return found


@lru_cache(maxsize=4_096)
def _fitting(tests: tuple[Test, ...], checks: PlaceChecks) -> frozenset[str]:
    """The JSON types that all rules allow, apart from value checks."""
    found = _ALL_TYPES
    for test in tests:
        if test.types is not None:
            found &= _taken(test.types, may_be_whole=any(check.keyword == INTEGER for check in test.checks))
    enumerations = [check for check in checks.checks if check.keyword in ("enum", "const")]
    if enumerations:
        found -= {t for t in found for kind in PYTHON_TYPES[t] if any(c.settled(kind) is False for c in enumerations)}
    return found


@lru_cache(maxsize=256)
def _taken(types: frozenset[str], *, may_be_whole: bool) -> frozenset[str]:
    """The JSON types that a rule allows: an integer is a number; a check decides whether a float is whole."""
    found = types | {"integer"} if "number" in types else types
    return found | {"number"} if may_be_whole else found
