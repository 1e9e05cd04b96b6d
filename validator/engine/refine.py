"""The value checks of a shape as one function, made once for each set of checks and types of values."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from validator.engine.generated import define
from validator.json_schema.budget import Budget

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from validator.engine.checks import ValueCheck
    from validator.engine.decode import Envelope

    Refine = Callable[[Envelope], tuple[str, ...]]
    Open = Sequence[tuple["Value", ValueCheck]]

# A place, the attribute of a call with its value (None: it is under the place's key in the payload), and its type.
Value = tuple[str, str | None, type]

# So many functions are compiled at once; more than there are in a stream whose keys are not dynamic.
AT_ONCE = 256

# The others are compiled when they were called so often: what that takes, it saves in about so many calls.
WORTH = 300

_REFINE = """\
def refine(call):
    payload = call.properties
    {begin}
    if {passes}:
        return ()
    failed = 0
    found = ()
    {finds}
    return found if not failed else (*names(failed), *found)
"""

# How many functions are kept.
_CAPACITY = 4_096


class Refinements:
    """Makes the functions, and remembers those that are compiled.

    Args:
        at_once: How many are compiled before they are called.
        worth: After how many calls the others are.
    """

    def __init__(self, at_once: int = AT_ONCE, worth: int = WORTH) -> None:
        self._at_once = at_once
        self._worth = worth
        self._budget = Budget()
        self._compiled: dict[Any, Refine] = {}
        self._steps: dict[tuple[Value, str], Step] = {}  # as many as places, types and checks of the plans go together

    def of(
        self, values: Sequence[Value], checks: Mapping[str, Sequence[ValueCheck]]
    ) -> tuple[tuple[str, ...], Refine | None]:
        """What checks find of any call with values of these types, and what tells the rest; None if nothing is left.

        Args:
            values: The values of the calls.
            checks: Place -> the checks there.
        """
        failed: list[str] = []
        open_: list[tuple[Value, ValueCheck]] = []
        for value in values:
            for check in checks.get(value[0], ()):
                passes = check.settled(value[2])
                if passes is None:
                    open_.append((value, check))
                elif not passes:
                    failed.append(check.id)
        return tuple(sorted(failed)), self._refine(open_) if open_ else None

    def _refine(self, checks: Open) -> Refine:
        identity = tuple((value, check.id) for value, check in checks)
        if refine := self._compiled.get(identity):
            return refine
        if len(self._compiled) < self._at_once:
            return self._compile(identity, checks)
        steps = [self._step(value, check) for value, check in checks]
        return loop_refinement(steps, self._budget, self._worth, lambda: self._compile(identity, checks))

    def _compile(self, identity: Any, checks: Open) -> Refine:
        if len(self._compiled) >= _CAPACITY:
            self._compiled.clear()
        refine = self._compiled[identity] = compile_refinement(checks, self._budget)
        return refine

    def _step(self, value: Value, check: ValueCheck) -> Step:
        step = self._steps.get((value, check.id))
        if step is None:
            step = self._steps[value, check.id] = step_of(value, check, self._budget)
        return step


class Step(NamedTuple):
    """One check as a loop runs it.

    Attributes:
        key: The key of the value in the payload; None if an attribute of the call has it.
        attribute: That attribute.
        test: Tells of a value whether it passes, or what is wrong with it.
        finds: Whether it tells the latter.
        id: The check's id.
    """

    key: str | None
    attribute: str
    test: Callable[[Any], Any]
    finds: bool
    id: str


def step_of(value: Value, check: ValueCheck, budget: Budget) -> Step:
    """A check of values of a type at a place."""
    test = check.test(value[2], budget)
    return Step(_key(value), value[1] or "", _binder(test.expression)(test.constant), test.finds, check.id)


@lru_cache(maxsize=64)
def _binder(expression: str) -> Callable[[Any], Callable[[Any], Any]]:
    """From the constant of a test to the test; there are as many expressions as kinds of checks."""
    binder: Callable[[Any], Callable[[Any], Any]] = define(f"def bind(c): return lambda v: {expression}\n", "bind")
    return binder


def loop_refinement(steps: Sequence[Step], budget: Budget, worth: int, compiled: Callable[[], Refine]) -> Refine:
    """What `compiled` makes, ready at once and slower; it gives way to that after so many calls."""
    calls = 0
    quick: Refine | None = None

    def refine(call: Envelope) -> tuple[str, ...]:
        nonlocal calls, quick
        if quick:
            return quick(call)
        calls += 1
        if calls > worth:
            quick = compiled()
            return quick(call)
        budget.begin()
        payload: Any = call.properties
        failed: list[str] = []
        found: tuple[str, ...] = ()
        for key, attribute, test, finds, check in steps:
            result = test(payload[key] if key is not None else getattr(call, attribute))
            if finds:
                found += result
            elif not result:
                failed.append(check)
        return (*failed, *found)

    return refine


def compile_refinement(checks: Open, budget: Budget) -> Refine:
    """The function that gives the ids of the checks that fail; of those that find things, what they find.

    Nearly all calls pass, so first it is only asked whether all is well. Nothing of a plan becomes code: keys and
    constants are bound as values. What a check has found by then is not looked for again.
    """
    namespace: dict[str, Any] = {}
    passes: list[str] = []
    lines: list[str] = []
    finders: list[str] = []
    present: Value | None = None
    for number, (value, check) in enumerate(checks):
        test = check.test(value[2], budget)
        namespace[f"c{number}"] = test.constant
        told = test.expression.replace("c(v)", f"c{number}(v)").replace(" c", f" c{number}")
        asked = told
        if value != present:
            present = value
            namespace[f"k{number}"] = _key(value)
            read = f"payload[k{number}]" if value[1] is None else f"call.{value[1]}"
            lines.append(f"v = {read}")
            asked = re.sub(r"\bv\b", f"(v := {read})", told, count=1)
        if test.finds:
            finders.append(f"f{number}")
            passes.append(f"not (f{number} := {asked})")
            lines.append(f"found += {told} if f{number} is None else f{number}")
        else:
            passes.append(asked)
            lines.append(f"if not ({told}): failed |= {1 << number}")
    namespace["names"] = _Names([check.id for _, check in checks]).__getitem__
    namespace["begin"] = budget.begin
    begin = f"begin(); {' = '.join(finders)} = None" if finders else ""
    source = _REFINE.format(begin=begin, passes=" and ".join(passes), finds="\n    ".join(lines))
    refine: Refine = define(source, "refine", **namespace)
    return refine


def _key(value: Value) -> str | None:
    """The key in the payload."""
    place, attribute, _ = value
    if attribute is not None:
        return None
    return place.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


class _Names(dict[int, tuple[str, ...]]):
    """The ids behind a bit mask, worked out once for each mask."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = ids

    def __missing__(self, mask: int) -> tuple[str, ...]:
        names = tuple(name for number, name in enumerate(self._ids) if mask >> number & 1)
        if len(self) < _CAPACITY:
            self[mask] = names
        return names
