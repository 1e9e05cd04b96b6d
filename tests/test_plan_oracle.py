"""The engine against `jsonschema`: for plans of any kind and calls that nearly fit them, both find the same.

`python -m tests.test_plan_oracle 20000` compares as many plans as one has time for, forty calls each.
"""

from __future__ import annotations

import json
import sys
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests import anyplan
from tests.anyplan import VALIDATORS, Breach, Schemas
from validator import Limits, Program
from validator.engine.engine import Engine
from validator.input.documents import Element
from validator.input.lines import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.engine.TODO_shape import Shape

pytestmark = pytest.mark.no_cover

CALLS = 20


def shapes(program: Program, calls: list[dict[str, Any]]) -> Iterator[tuple[Shape, Shape]]:
    """The shape of each call, read as a line among others and as an element alone."""
    for call in calls:
        data = json.dumps(call).encode()
        found = []
        for way in ("line", "element"):
            engine = Engine(program, Limits())
            engine.begin(0)
            if way == "line":
                engine.lines(Block(0, data + b"\n"))
            else:
                engine.elements([Element(0, 1, 0, data)])
            ((shape, _),) = engine.finish().shapes.items()
            found.append(shape)
        yield found[0], found[1]


def compare(seed: int) -> int:
    """Compares one plan and its calls; returns how many calls were invalid."""
    random = Random(seed)
    schemas = Schemas(random, random.choice(list(VALIDATORS)))
    schema = schemas.message()
    validator = VALIDATORS[schemas.draft]
    validator.check_schema(schema)
    program = Program([anyplan.plan_of(schema)])
    unevaluated = "unevaluated" in json.dumps(schema)
    expected, is_valid = anyplan.oracle(schema), anyplan.verdict(schema)
    near = anyplan.call(random, schema)
    calls = [near, *(anyplan.changed(random, near) for _ in range(CALLS - 1))]
    calls += [anyplan.call(random, schema) for _ in range(CALLS)]
    invalid = 0
    for call, (line, element) in zip(calls, shapes(program, calls), strict=True):
        assert line == element
        violations = program.judge(line).violations
        found = {Breach(v.location, v.keyword.replace("false", "not"), v.missing) for v in violations}
        told = f"seed {seed}\n{json.dumps(schema)}\n{json.dumps(call)}"
        if unevaluated:
            # Of multiples of numbers with a fraction, those who compute exactly think otherwise than `jsonschema`.
            assert "multipleOf" in told or is_valid(call) is not bool(found), told
        else:
            wanted = expected(call)
            assert found == wanted, f"{found - wanted} not {wanted - found} {told}"
        invalid += bool(found)
    return invalid


@pytest.mark.parametrize("part", range(8))
def test_the_engine_finds_what_jsonschema_finds(part: int) -> None:
    plans = 25
    invalid = sum(compare(seed) for seed in range(part * plans, (part + 1) * plans))
    assert plans * CALLS * 0.3 < invalid < plans * CALLS * 1.9  # both kinds, or little would be shown


if __name__ == "__main__":
    for number in range(1_000_000, 1_000_000 + int(sys.argv[1])):
        compare(number)
