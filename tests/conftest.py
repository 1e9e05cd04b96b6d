"""What holds for all tests."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.support.command import LONG, forks

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

# No example has to be quick: a machine may be busy. What a commit is found to be does not depend on chance, so each run
# tries the same examples; UCLINT_TESTS=long tries others each time, and more where a test does not say how many.
settings.register_profile("moderate", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=1_000)
settings.load_profile("long" if LONG else "moderate")


# Programs that pip cannot install, data that is not in the project, and a network. With UCLINT_SKIPS=strict, as in CI,
# a test that is skipped for any other reason fails: something that should be installed is not.
MAY_LACK = re.compile(
    r"(zsh|fish|node) is not installed|(azurite-blob|fake-gcs-server) is not installed|"
    r"needs (node|ajv|jsonschema|jq): (npm|apt-get) |(no|this) Chromium |"
    r"the native core is not built|no package index is reachable|.* (not beside (this checkout|the project)|are absent)"
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turns skips for unexpected reasons into failures, if asked to."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and os.environ.get("UCLINT_SKIPS") == "strict":
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not MAY_LACK.match(reason):
            report.outcome, report.longrepr = "failed", f"skipped for an unexpected reason: {reason}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _forks_end() -> Iterator[None]:
    """Ends the process that forks, if there is one, before coverage is summed up."""
    yield
    if forks.cache_info().currsize:
        forks().close()


@pytest.fixture(autouse=True)
def _no_cover(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets `no_cover` hold for the processes that a test starts, too.

    Measuring doubles the time of a test. Those that compare with an oracle again and again, or run what others run
    from nearer, do without.
    """
    if request.node.get_closest_marker("no_cover"):
        for name in [name for name in os.environ if name.startswith("COV")]:
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _native_setting_stays() -> Iterator[None]:
    """A test that leaves the native core off would let the tests after it check less than they say."""
    before = os.environ.get("UCLINT_NATIVE")
    yield
    assert os.environ.get("UCLINT_NATIVE") == before, "the test has changed UCLINT_NATIVE for the tests after it"


@pytest.fixture(scope="module", params=["native", "python"])
def either_way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Runs a module's tests twice: with the native core, where it is built, and without."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UCLINT_NATIVE", "auto" if request.param == "native" else "0")
        yield
