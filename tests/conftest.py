"""What holds for all tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.command import forks

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def _forks_end() -> Iterator[None]:
    """Ends the process that forks, if there is one, before coverage is summed up."""
    yield
    if forks.cache_info().currsize:
        forks().close()
