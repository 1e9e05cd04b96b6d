"""Regular expressions that are compiled on first use: compiling takes up to milliseconds, and most runs need few."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, AnyStr, Generic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class LazyPattern(Generic[AnyStr]):
    """Has the methods of `re.Pattern`; after the first use they are as fast."""

    def __init__(self, text: AnyStr, flags: int = 0) -> None:
        self._text: AnyStr = text
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[AnyStr]:
        return re.compile(self._text, self._flags)

    @cached_property
    def match(self) -> Callable[..., re.Match[AnyStr] | None]:
        """As of `re.Pattern`."""
        return self._compiled.match

    @cached_property
    def fullmatch(self) -> Callable[..., re.Match[AnyStr] | None]:
        """As of `re.Pattern`."""
        return self._compiled.fullmatch

    @cached_property
    def search(self) -> Callable[..., re.Match[AnyStr] | None]:
        """As of `re.Pattern`."""
        return self._compiled.search

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[AnyStr]]]:
        """As of `re.Pattern`."""
        return self._compiled.finditer

    @cached_property
    def findall(self) -> Callable[..., list[AnyStr]]:
        """As of `re.Pattern`."""
        return self._compiled.findall

    @cached_property
    def split(self) -> Callable[..., list[AnyStr]]:
        """As of `re.Pattern`."""
        return self._compiled.split

    @cached_property
    def sub(self) -> Callable[..., AnyStr]:
        """As of `re.Pattern`."""
        return self._compiled.sub
