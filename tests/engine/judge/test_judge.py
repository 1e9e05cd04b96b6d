"""The judge: what a deviation means does not depend on which event it was seen in first."""

from __future__ import annotations

from random import Random

from tests.support import any_programs
from tests.support.counted import profile_of
from tests.support.examples import examples
from validator.engine.judge.judge import Judge


def test_meanings_are_those_of_whole_effects() -> None:
    compared, streams = 0, examples(40)
    for seed in range(streams):
        random = Random(seed)
        program = any_programs.program(random)
        deviations = list(profile_of(program, any_programs.stream(random, program, 60)).deviations)
        random.shuffle(deviations)
        shared, judge = Judge(program), Judge(program)
        for deviation in deviations:
            effect = judge.of(deviation)
            assert shared.meaning(deviation) == (effect.nothing, effect.breaks)
        compared += len(deviations)
    assert compared > 50 * streams
