"""The one place that knows how uclint is called within a process: plans in, bytes through, counts out.

Whatever is built anew inside of uclint, only this module has to follow.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from validator import Limits, Profile, Report
from validator.engine.count.profile import InputSummary
from validator.engine.engine import Engine
from validator.input.lines import line_blocks
from validator.report import assess
from validator.report.rule_policy import Policy
from validator.service.doors import compile_program
from validator.service.request import CheckRequest

if TYPE_CHECKING:
    from bench.plans import Plans
    from validator import Program

NO_LINT = Policy.of(ignore=["SP", "NM"])


def compiled(plans: Plans, *, lint: bool = True) -> Program:
    """The plans compiled, with the lint rules that are on by default or without any."""
    own = [plans.own] if plans.own else []
    policy = Policy() if lint else NO_LINT
    request = CheckRequest(use_cases=tuple(plans.use_cases), plans=tuple(own), unplanned=None, policy=policy)
    return compile_program(request)


def feed(program: Program, data: bytes) -> Profile:
    """All of the lines through the engine, as reading a file would hand them over."""
    limits = Limits()
    engine = Engine(program, limits)
    engine.profile.inputs.append(InputSummary("memory"))
    engine.begin(0)
    for block in line_blocks(BytesIO(data), start=0, max_line=limits.line):
        engine.lines(block)
    return engine.finish()


def report_of(program: Program, profile: Profile, plans: Plans, *, lint: bool = True) -> Report:
    """The report that the profile gives."""
    policy = Policy() if lint else NO_LINT
    return assess(profile, program, plans.use_cases, partial=False, goals={}, policy=policy)
