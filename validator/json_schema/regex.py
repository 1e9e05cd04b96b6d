"""Regular expressions of plans: ECMA-262 semantics, in linear time."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Largest size of a compiled pattern in bytes; nested bounded repetitions could take gigabytes.
_SIZE = 1 << 20


@lru_cache(maxsize=4096)
def search(pattern: str) -> Callable[[str], bool]:
    """Compiles a pattern to a function that searches a text.

    Raises:
        ValueError: The pattern is invalid, or needs more than linear time (lookaround, backreferences).
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
        except UnicodeEncodeError:  # a lone surrogate, which only this engine cannot represent
            return is_valid(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))

    return holds
