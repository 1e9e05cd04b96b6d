"""The engine against `jsonschema`: for plans of any kind and calls that nearly fit them, both find the same.

`python -m tests.engine.test_plan_oracle 20000` compares as many plans as one has time for, forty calls each.
"""

from __future__ import annotations

import json
import sys
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import anyplan
from tests.support.anyplan import VALIDATORS, Breach, Schemas
from tests.support.counted import Reader
from tests.support.examples import examples
from validator import Program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.engine.judge.violation import Violation

pytestmark = pytest.mark.no_cover

CALLS = 20


def violations(program: Program, calls: list[dict[str, Any]]) -> Iterator[set[Violation]]:
    """What is found in each call, read as a line among others and as an element alone."""
    reader = Reader(program)
    for call in calls:
        line = json.dumps(call).encode()
        assert reader.block(line) == reader.element(line)
        yield {violation for violation, _ in reader.facts.effect(line).violations}


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
    for call, those in zip(calls, violations(program, calls), strict=True):
        found = {Breach(v.location, v.keyword.replace("false", "not"), v.missing) for v in those}
        context = f"seed {seed}\n{json.dumps(schema)}\n{json.dumps(call)}"
        if unevaluated:
            # Of multiples of numbers with a fraction, those who compute exactly think otherwise than `jsonschema`.
            assert "multipleOf" in context or is_valid(call) is not bool(found), context
        else:
            wanted = expected(call)
            assert found == wanted, f"{found - wanted} not {wanted - found} {context}"
        invalid += bool(found)
    return invalid


@pytest.mark.parametrize("part", range(8))
def test_the_engine_finds_what_jsonschema_finds(part: int) -> None:
    plans = examples(25)
    invalid = sum(compare(seed) for seed in range(part * plans, (part + 1) * plans))
    assert plans * CALLS * 0.3 < invalid < plans * CALLS * 1.9  # both kinds, or little would be shown


if __name__ == "__main__":
    for number in range(1_000_000, 1_000_000 + int(sys.argv[1])):
        compare(number)
