"""The value checks of a shape as one compiled function, made once for each set of checks and types of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.engine.generated import define

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from validator.engine.checks import Compiled, ValueCheck
    from validator.engine.decode import Envelope

    Refine = Callable[[Envelope], tuple[str, ...]]

# A place, the attribute of a call with its value (None: it is under the place's key in the payload), and its type.
Value = tuple[str, str | None, type]

# How many functions are kept: far more than there are in a stream whose keys are not dynamic.
_CAPACITY = 4_096


class Refinements:
    """Makes, and remembers, the functions."""

    def __init__(self) -> None:
        self._known: dict[Any, Refine] = {}

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
        if not open_:
            return tuple(sorted(failed)), None
        identity = tuple((value, check.id) for value, check in open_)
        refine = self._known.get(identity)
        if refine is None:
            if len(self._known) >= _CAPACITY:
                self._known.clear()
            refine = self._known[identity] = compile_refinement(open_)
        return tuple(sorted(failed)), refine


def compile_refinement(checks: Sequence[tuple[Value, ValueCheck]]) -> Refine:
    """The function that gives the ids of the checks that fail; of those that find things, what they find.

    Nothing of a plan becomes code: keys and constants are bound as values.
    """
    namespace: dict[str, Any] = {}
    tests: list[tuple[ValueCheck, Compiled]] = [(check, check.test(value[2])) for value, check in checks]
    lines = ["def refine(call):", "    payload = call.properties", "    failed = 0", "    found = ()"]
    present: Value | None = None
    for number, ((value, _), (_, test)) in enumerate(zip(checks, tests, strict=True)):
        if value != present:
            present = value
            namespace[f"k{number}"] = _key(value)
            lines.append(f"    v = {f'payload[k{number}]' if value[1] is None else f'call.{value[1]}'}")
        namespace[f"c{number}"] = test.constant
        expression = test.expression.replace("c(v)", f"c{number}(v)").replace(" c", f" c{number}")
        if test.finds:
            lines.append(f"    found += {expression}")
        else:
            lines.append(f"    if not ({expression}): failed |= {1 << number}")
    lines.append("    return found if not failed else (*names(failed), *found)")
    namespace["names"] = _Names([check.id for check, _ in tests]).__getitem__
    refine: Refine = define("\n".join(lines) + "\n", "refine", **namespace)
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
