"""The pytest plugin: the fixture `uclint`, and `*.ndjson` samples as tests.

pytest always imports this module at its start, so it imports nothing of uclint until something is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from validator.adapters.pytest_checks import Checker


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--uclint` and the ini options."""
    group = parser.getgroup("uclint", "checking events with uclint")
    group.addoption(
        "--uclint", action="store_true", help="collect *.ndjson samples as tests, as `uclint_samples = true` does"
    )
    parser.addini("uclint_samples", "collect *.ndjson samples as tests", type="bool", default=False)
    parser.addini("uclint_use_cases", "use cases to check instead of those of the configuration", type="linelist")
    parser.addini("uclint_plans", "tracking plans to check instead of those of the configuration", type="paths")
    parser.addini("uclint_fail_on", "minimum severity that fails a test: error, warning or never")


def pytest_configure(config: pytest.Config) -> None:
    """Collects samples only if asked for."""
    if config.getoption("uclint") or config.getini("uclint_samples"):
        from validator.adapters.pytest_checks import Samples  # noqa: PLC0415

        config.pluginmanager.register(Samples(), "uclint-samples")


@pytest.fixture(scope="session")
def uclint(pytestconfig: pytest.Config) -> Checker:
    """Checks calls that a test has captured: `uclint.check(calls)`, `uclint.assert_valid(calls)`."""
    from validator.adapters.pytest_checks import Checker  # noqa: PLC0415

    return Checker(pytestconfig)
