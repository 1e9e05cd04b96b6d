"""An engine that is started again counts like a new one, whatever it has learned."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.fuzz_native import new_case, new_program, use_native
from validator.engine.engine import Engine
from validator.input.lines import Block
from validator.model import Limits
from validator.native import status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validator.engine.count.profile import Profile

pytestmark = pytest.mark.no_cover


@pytest.fixture(params=["0", "1"])
def _native(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.param == "1" and status().module is None:
        pytest.skip("the native core is not built")
    with use_native(request.param):
        yield


def counted(engine: Engine, blocks: Sequence[bytes]) -> Profile:
    engine.begin(0)
    byte = 0
    for data in blocks:
        engine.lines(Block(byte, data))
        byte += len(data)
    return engine.finish()


@pytest.mark.usefixtures("_native")
@pytest.mark.parametrize("seed", range(8))
def test_an_engine_that_is_started_again_counts_like_a_new_one(seed: int) -> None:
    chance = random.Random(seed)
    program = new_program(chance)
    for _ in range(3):
        limits = Limits(places=chance.choice((0, 1, 5)), names=chance.choice((3, 10_000)))
        engine = Engine(program, limits)
        known = counted(engine, new_case(chance, program).blocks)
        for _ in range(3):
            blocks = new_case(chance, program).blocks
            before = chance.choice((None, known))
            engine.restart(before)
            found, expected = counted(engine, blocks), counted(Engine(program, limits, before), blocks)
            for profile in (found, expected):
                for sighting in profile.further.values():
                    sighting.places = sighting.places[:1]  # where names are few, sums are moved at other times
            assert found == expected
