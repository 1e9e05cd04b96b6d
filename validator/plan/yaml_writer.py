"""Writes plain values as YAML that all parsers read alike: whatever could be misread is quoted."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[ .()/,'-]+[A-Za-z0-9_]+)*")
_MISREAD: Final = frozenset(
    {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "none"}
)  # in any case


def dump_yaml(value: Any) -> str:
    """A YAML file."""
    return "\n".join(_lines(value, 0)) + "\n"


def _lines(value: Any, indent: int) -> Iterator[str]:
    space = " " * indent
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _entry(f"{space}{_scalar(key)}:", inner, indent + 2)
    elif isinstance(value, list) and value:
        for inner in value:
            block = list(_lines(inner, indent + 2))
            yield f"{space}- {block[0].lstrip(' ')}"
            yield from block[1:]
    else:
        yield space + _flow(value)


def _entry(head: str, value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, dict | list) and value and not _short(value):
        yield head
        yield from _lines(value, indent)
    else:
        yield f"{head} {_flow(value)}"


def _short(value: Any) -> bool:
    """Whether a list of single values fits on one line."""
    return (
        isinstance(value, list)
        and not any(isinstance(inner, dict | list) for inner in value)
        and sum(len(str(inner)) + 4 for inner in value) <= 80
    )


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_scalar(k)}: {_flow(v)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(_scalar(v, flow=True) if isinstance(v, str) else _flow(v) for v in value)}]"
    return _scalar(value)


def _scalar(value: Any, *, flow: bool = False) -> str:
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value.lower() not in _MISREAD and not (flow and "," in value)
        return value if plain else _in_quotes(value)
    if isinstance(value, float):
        text = repr(value)
        return text if "." in text or "e" not in text else text.replace("e", ".0e")
    return json.dumps(value)


def _in_quotes(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(sign if sign.isprintable() or sign == " " else _escaped(sign) for sign in quoted)


def _escaped(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) < 1 << 16 else f"\\U{ord(sign):08x}"
