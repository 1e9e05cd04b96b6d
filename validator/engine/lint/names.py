"""Finds values and unusual characters in names of events and properties."""

from __future__ import annotations

import unicodedata
from typing import Final

from validator.engine.near_miss import remembered
from validator.lazy_pattern import LazyPattern

VALUE: Final = "#"
"""The placeholder for a value in a name."""

# A value inside a name: an id, a date, an address. Small numbers ("Step 2") belong to names. No part is tried more
# than once at each character: names may be as long as lines.
_VALUES = LazyPattern(
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
    r"|https?://\S+"
    r"|(?<![\w.%+-])[\w.%+-]++@[\w-]++(?:\.[\w-]++)+"
    r"|(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.])"
    r"|(?<![0-9])[0-9]{4}[-/._][0-9]{1,2}[-/._][0-9]{1,2}(?:[T ][0-9:.]+Z?)?(?![0-9])"
    r"|(?<![0-9])[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2})(?![0-9])"
    r"|(?<![0-9A-Za-z])(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{12,}(?![0-9A-Za-z])"
    r"|[0-9]{5,}"
)
_ANY_NUMBER = LazyPattern(r"[0-9]+")

_ODD_CATEGORIES: Final = frozenset(("Cc", "Cf", "Co", "Cs", "Zl", "Zp"))


@remembered
def holds_value(name: str) -> bool:
    """Whether a name contains a date, an id, an address or a long number."""
    return _VALUES.search(name) is not None


def without_values(name: str) -> str:
    """The name with `#` for each value in it, and for each number."""
    return _ANY_NUMBER.sub(VALUE, _VALUES.sub(VALUE, name))


def with_numbers(name: str) -> str:
    """The name with a numeral for each value in it, as values follow no convention."""
    return _VALUES.sub("0", name)


@remembered
def odd_characters(name: str) -> bool:
    """Whether a name has invisible characters, or spaces at invisible places."""
    if name.isascii() and name.isprintable():
        return name != name.strip() or "  " in name
    return (
        name != name.strip()
        or "  " in name
        or any(unicodedata.category(c) in _ODD_CATEGORIES or (c.isspace() and c != " ") for c in name)
    )


def shown(name: str) -> str:
    """A name with its unusual characters spelled out, such as `<U+200B>`; combining characters, too."""
    apart = () if unicodedata.is_normalized("NFC", name) else ("Mn",)
    return "".join(
        f"<U+{ord(c):04X}>"
        if (kind := unicodedata.category(c)) in _ODD_CATEGORIES or kind in apart or (c.isspace() and c != " ")
        else c
        for c in name
    )
