"""Format checks: one fixed check each, independent of installed packages.

They accept what `jsonschema` accepts with its `format-nongpl` extra, except where that contradicts the standard. Any
other format is an annotation.
"""

from __future__ import annotations

import datetime
import ipaddress
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-](\d\d):(\d\d))", re.ASCII | re.IGNORECASE)
_DURATION = re.compile(
    r"P(?:\d+W|(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)?(?<!P)(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?"
    r"|T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))",
    re.ASCII,
)
# Compiling is slow, and longer expressions are not realistic.
_LONGEST_REGEX = 10_000

_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)", re.ASCII)
_POINTER = re.compile(r"(?:/(?:[^/~]|~[01])*)*")
_RELATIVE_POINTER = re.compile(r"(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^/~]|~[01])*)*)")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def _email(text: str) -> bool:
    return "@" in text


def _accepted(parse: Callable[[str], object]) -> Callable[[str], bool]:
    """A check of whether a function parses a text without error."""

    def holds(text: str) -> bool:
        try:
            parse(text)
        except (ValueError, OverflowError, RecursionError, re.error):
            return False
        return True

    return holds


def _ipv6(text: str) -> bool:
    return "%" not in text and _accepted(ipaddress.IPv6Address)(text)


def _hostname(text: str) -> bool:
    labels = text.removesuffix(".").split(".")
    return len(text) <= 253 and all(_LABEL.fullmatch(label) for label in labels)


def _date(text: str) -> bool:
    return _DATE.fullmatch(text) is not None and _accepted(datetime.date.fromisoformat)(text)


def _time(text: str) -> bool:
    found = _TIME.fullmatch(text)
    if not found:
        return False
    hour, minute, second, ahead, minutes = (int(part or 0) for part in found.groups())
    return hour < 24 and minute < 60 and second < 60 and ahead < 24 and minutes < 60


def _date_time(text: str) -> bool:
    return text[10:11] in ("T", "t") and _date(text[:10]) and _time(text[11:])


def _uri(rule: str) -> Callable[[str], bool]:
    def holds(text: str) -> bool:
        from rfc3986_validator import validate_rfc3986  # noqa: PLC0415 - it compiles large patterns

        return bool(validate_rfc3986(text, rule=rule))

    return holds


FORMATS: dict[str, Callable[[str], bool]] = {
    "date": _date,
    "date-time": _date_time,
    "duration": lambda text: _DURATION.fullmatch(text) is not None,
    "email": _email,
    "hostname": _hostname,
    "idn-email": _email,
    "ipv4": _accepted(ipaddress.IPv4Address),
    "ipv6": _ipv6,
    "json-pointer": lambda text: _POINTER.fullmatch(text) is not None,
    "regex": lambda text: len(text) <= _LONGEST_REGEX and _accepted(re.compile)(text),
    "relative-json-pointer": lambda text: _RELATIVE_POINTER.fullmatch(text) is not None,
    "time": _time,
    "uri": _uri("URI"),
    "uri-reference": _uri("URI_reference"),
    "uuid": lambda text: _UUID.fullmatch(text) is not None,
}
