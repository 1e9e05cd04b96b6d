"""Regular expressions of plans: ECMA-262 in meaning, and run in time linear in the text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Bytes that a compiled pattern may take; bounded repetitions of bounded repetitions would take gigabytes.
_SIZE = 1 << 20


@lru_cache(maxsize=4096)
def search(pattern: str) -> Callable[[str], bool]:
    """What tells whether a text holds a match.

    Raises:
        ValueError: The pattern is none, or needs more than linear time (lookaround, backreferences).
    """
    import jsonschema_rs  # noqa: PLC0415 - only plans with patterns need it

    options = jsonschema_rs.RegexOptions(size_limit=_SIZE)
    try:
        matcher = jsonschema_rs.Draft7Validator({"pattern": pattern}, pattern_options=options, offline=True)
    except (ValueError, jsonschema_rs.ValidationError) as error:
        raise ValueError(pattern) from error
    is_valid: Callable[[str], bool] = matcher.is_valid

    def holds(text: str) -> bool:
        try:
            return is_valid(text)
        except UnicodeEncodeError:  # half of a surrogate pair, which only that engine cannot hold
            return is_valid(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))

    return holds
