"""Settings and their origins, as text and JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from validator.render.terminal_style import PLAIN, Style, columns, wrap

if TYPE_CHECKING:
    from validator.config.settings import Key, Setting, Settings

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def config_text(settings: Settings, style: Style = PLAIN) -> str:
    """One setting a line, in TOML, followed by its origin."""
    lines: list[str] = []
    for key, setting in settings:
        text = f"{_key(key)} = {_value(setting.value)}"
        *before, last = _behind(wrap(style.text(text), style, 4), f"# {style.text(str(setting.origin))}", style)
        lines += before
        lines.append(last if setting.origin.kind != "default" else style.paint(last, "dim"))
    return "\n".join(lines) + "\n"


def _behind(lines: list[str], origin: str, style: Style) -> list[str]:
    """Appends the origin to the last line, or puts it on its own line; it is never broken, so that it can be copied."""
    *before, last = lines
    joined = f"{last}  {origin}"
    return [*before, joined] if columns(joined) <= style.width else [*lines, f"    {origin}"]


def config_json(settings: Settings) -> str:
    """The settings as JSON."""
    return json.dumps([_entry(key, setting) for key, setting in settings], indent=2) + "\n"


def _entry(key: Key, setting: Setting) -> dict[str, Any]:
    origin = setting.origin
    return {
        "key": list(key),
        "value": setting.value,
        "origin": origin.kind,
        "file": origin.name if origin.kind == "file" else None,
        "line": origin.line or None,
        "column": origin.column or None,
        "option": origin.name if origin.kind == "option" else None,
    }


def _key(key: Key) -> str:
    return ".".join(part if _BARE.fullmatch(part) else json.dumps(part, ensure_ascii=False) for part in key)


def _value(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_key((key,))} = {_value(member)}' for key, member in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)
