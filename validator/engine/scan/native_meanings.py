"""What the values of keys mean to the native core, as far as their checks tell; keys with equal checks share it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from validator.engine.compile.deviation import ABSENT
from validator.engine.decode.call import UNSET, Skipped
from validator.engine.scan.native_values import BY_BYTES, tests_of
from validator.json_schema.byte_automaton import automaton_of

if TYPE_CHECKING:
    from validator.engine.compile.place_checks import PlaceChecks
    from validator.engine.scan.native_shapes import Shape

# What a fact means to the core, besides the numbers of sums.
FINE, UNKNOWN, _ASKED, HAND_BACK, BY_VALUE = range(5)

# The JSON types of the core, by its numbers.
KINDS: Final = (ABSENT, "string", "integer", "number", "boolean", "null", "object", "array")

PYTHON_TYPES: Final[tuple[type, ...]] = (type(UNSET), str, int, float, bool, type(None), Skipped, list)
"""The Python type of each of them, where objects are not decoded."""

# Bits of a mask in the core.
BITS: Final = 64


class Meaning(NamedTuple):
    """What the values of a key mean to the core.

    Attributes:
        outcomes: The outcome of each kind.
        tests: The core's number for its tests of values; 0 for none.
        fitting: The kinds that are fine apart from these tests, a bit for each.
    """

    outcomes: tuple[int, ...]
    tests: int = 0
    fitting: int = 0


ALL_FINE: Final = Meaning((FINE,) * len(KINDS))


class Meanings:
    """Tells the core how to class values, and what the classes mean.

    Args:
        core: The core.
        decodes_objects: Whether objects are decoded.
    """

    def __init__(self, core: Any, *, decodes_objects: bool) -> None:
        self._core = core
        self._python = tuple(dict if kind is Skipped and decodes_objects else kind for kind in PYTHON_TYPES)
        self._automata: dict[str, int] = {}
        self.forget()

    def forget(self) -> None:
        """Forgets what the core forgets."""
        self._tests: dict[PlaceChecks | None, int] = {}
        self._known: dict[tuple[PlaceChecks | None, frozenset[str]], Meaning] = {}
        self._shapes: dict[Shape, int] = {}

    def python_type(self, kind: int) -> type:
        """The Python type of the values of a kind."""
        return self._python[kind]

    def of(self, checks: PlaceChecks | None, fitting: frozenset[str]) -> Meaning:
        """What the values of a key mean, as far as its checks and the types that fit tell it."""
        found = self._known.get((checks, fitting))
        if found is None:
            outcomes = [FINE, *[UNKNOWN] * (len(KINDS) - 1)]
            bits = 0
            for kind, json_type in enumerate(KINDS):
                if checks is not None and json_type in fitting:
                    bits |= 1 << kind
                    python = self._python[kind]
                    is_open = checks.of_type(python).open
                    outcomes[kind] = self.by_value(checks, python) if is_open else FINE
            tests = 0 if checks is not None and not checks.checks else self._number_of_tests(checks)
            found = self._known[checks, fitting] = Meaning(tuple(outcomes), tests, bits)
        return found

    def by_value(self, checks: PlaceChecks, python: type) -> int:
        """What values of a Python type mean where the value decides."""
        tests = tests_of(checks.checks)
        if python in (dict, Skipped) and tests.objects is None:
            return HAND_BACK
        if python is list and not tests.items and tests.arrays is None:
            return HAND_BACK
        return BY_VALUE

    def _number_of_tests(self, checks: PlaceChecks | None) -> int:
        """The core's number for the tests of some checks; those of a reserved key look at the exact value."""
        number = self._tests.get(checks)
        if number is None:
            tests = BY_BYTES if checks is None else tests_of(checks.checks)
            patterns = tuple(self._automaton(pattern) for pattern in tests.patterns)
            shapes = [0 if shape is None else self._shape(shape) + 1 for shape in (tests.objects, tests.arrays)]
            number = self._core.add_tests(tests.cuts, tests.lengths, patterns, tests.items, *shapes)
            self._tests[checks] = number
        return number

    def _automaton(self, pattern: str) -> int:
        number = self._automata.get(pattern)
        if number is None:
            made = automaton_of(pattern)
            assert made is not None  # noqa: S101 - otherwise texts are not classed by it
            number = self._automata[pattern] = self._core.add_automaton(*made)
        return number

    def _shape(self, shape: Shape) -> int:
        number = self._shapes.get(shape)
        if number is None:
            kinds = sum(1 << KINDS.index(json_type) for json_type in shape.types)
            items = None if shape.items is None else self._shape(shape.items)
            inner = [None if one is None else self._shape(one) for _, one, _ in shape.keys]
            bits = iter(range(BITS))
            keys = tuple(
                (key.encode(), one, 1 << next(bits) if required else 0)
                for (key, _, required), one in zip(shape.keys, inner, strict=True)
            )
            texts = None if shape.texts is None else tuple(text.encode() for text in shape.texts)
            number = self._core.add_shape(kinds, items, shape.closed, shape.bounds, keys, texts)
            self._shapes[shape] = number
        return number
