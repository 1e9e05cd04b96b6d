"""Runs the command as a user does, in an environment that is always the same.

Most runs are forks of a process that has imported the command (`forks.py`), which takes a quarter of the time. Where
starting and ending are what is tested, it is the installed command; and everywhere, if UCLINT_TESTS is `long`.
"""

from __future__ import annotations

import base64
import codecs
import functools
import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.forks import Forks
from validator import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
GOLDEN = ROOT / "tests" / "golden"
REFRESH = bool(os.environ.get("UCLINT_REFRESH"))
LONG = os.environ.get("UCLINT_TESTS") == "long"

# What a terminal, a shell or CI may have set, and what changes what uclint prints.
_VARYING = (
    "CI",
    "CLICOLOR",
    "COLUMNS",
    "FORCE_COLOR",
    "GITHUB_STEP_SUMMARY",
    "LINES",
    "NO_COLOR",
    "PYTHONIOENCODING",
    "TERM",
    "_UCLINT_COMPLETE",
)

# Without bytecode every run would compile all of uclint again, which takes as long as the run itself.
_SLOWING = ("PYTHONDONTWRITEBYTECODE",)

# What only an interpreter that starts heeds.
_READ_AT_START = ("PYTHON", "LANG", "LC_", "TZ")

GOOD = b'{"type":"track","event":"Trial Started","messageId":"m-1","properties":{"category":"team"}}\n'


def command() -> str:
    """The installed command: beside this Python, else on the PATH."""
    found = shutil.which("uclint", path=str(Path(sys.executable).parent)) or shutil.which("uclint")
    assert found, "uclint is not installed"
    return found


def environment(extra: Mapping[str, str] | None = None, *, measured: bool = True) -> dict[str, str]:
    """This environment without what changes what uclint prints; not `measured`: without coverage either."""
    kept = {
        k: v for k, v in os.environ.items() if k not in _VARYING + _SLOWING and (measured or not k.startswith("COV"))
    }
    return kept | {"PYTHONUTF8": "1", "COLUMNS": "80"} | dict(extra or {})


def uclint(
    *arguments: str | bytes | Path,
    cwd: Path | None = None,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[bytes]:
    """Runs it; whatever happens, there must be no traceback."""
    if LONG or any(name.startswith(_READ_AT_START) for name in env or ()):
        return installed(*arguments, cwd=cwd, stdin=stdin, env=env, timeout=timeout)
    # To measure a run takes three times as long, and those with the same options run the same lines, or nearly.
    options = frozenset(os.fsdecode(word) for word in arguments if os.fsdecode(word).startswith("-"))
    kind = (*map(os.fsdecode, arguments[:1]), options)
    surroundings = environment(env, measured=kind not in _measured)
    if any(name.startswith("COV") for name in surroundings):
        _measured.add(kind)
    done = forks().run([command(), *arguments], cwd=cwd, stdin=stdin, env=surroundings, timeout=timeout)
    assert b"Traceback" not in done.stderr + done.stdout, done.stderr.decode(errors="replace")
    return done


def installed(
    *arguments: str | bytes | Path,
    cwd: Path | None = None,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[bytes]:
    """As `uclint`, and always the installed command."""
    done = subprocess.run(
        [command(), *arguments],
        check=False,
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=environment(env),
        timeout=timeout,
    )
    assert b"Traceback" not in done.stderr + done.stdout, done.stderr.decode(errors="replace")
    return done


_measured: set[object] = set()


@functools.cache
def forks() -> Forks:
    """The process that forks; `conftest.py` ends it."""
    return Forks(environment(measured=False), ROOT)


def shell(script: str, *arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """Runs a line of bash with `uclint` as a function; its arguments are `$1`, `$2` ..."""
    line = f'set -o pipefail; uclint() {{ "$0" "$@"; }}; {script}'
    done = subprocess.run(
        ["bash", "-c", line, command(), *arguments],
        check=False,
        capture_output=True,
        cwd=cwd,
        env=environment(),
        timeout=120,
    )
    assert b"Traceback" not in done.stderr + done.stdout, done.stderr.decode(errors="replace")
    return done


def same_as_golden(name: str, text: str) -> None:
    """Compares with `tests/golden/NAME`; UCLINT_REFRESH=1 writes it instead.

    Masked are the version, and whether there is a native core, which depends on the machine.
    """
    masked = re.sub(
        r"^native core: .*", "native core: STATUS", text.replace(__version__, "VERSION"), flags=re.MULTILINE
    )
    path = GOLDEN / name
    if REFRESH:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(masked, encoding="utf-8")
    assert path.is_file(), f"tests/golden/{name} is missing: UCLINT_REFRESH=1 pytest writes it"
    assert masked == path.read_text("utf-8")


def content(spec: Any) -> bytes:
    """The bytes a case file describes: text, or a table of a source and what is done to it.

    Sources: `text`, `base64`, `sample` (a bundled sample), `made` (one of MADE). `as` then names one of CHANGED.
    """
    if isinstance(spec, str):
        return spec.encode()
    ((source, value),) = ((k, v) for k, v in spec.items() if k != "as")
    data = _SOURCES[source](value)
    return CHANGED[spec["as"]](data) if "as" in spec else data


MADE: Mapping[str, bytes] = {
    "nothing": b"",
    "a sound call": GOOD,
    "a call nested 100,000 deep": GOOD + b'{"type":"track","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n" + GOOD,
    "an unclosed 100,000 deep": GOOD + b'{"type":"track","x":' + b'{"a":' * 100_000 + b"\n" + GOOD,
    "a tar archive": b"export.json".ljust(257, b"\0") + b"ustar\x0000".ljust(255, b"\0") + GOOD.ljust(512, b"\0"),
    "a line of 2 MB": GOOD + b'{"type":"track","event":"' + b"x" * 2_000_000 + b'"}\n' + GOOD,
}

_SOURCES: Mapping[str, Callable[[str], bytes]] = {
    "text": str.encode,
    "base64": base64.b64decode,
    "sample": lambda name: (SAMPLES / name).read_bytes(),
    "made": MADE.__getitem__,
}

CHANGED: Mapping[str, Callable[[bytes], bytes]] = {
    "UTF-16": lambda data: codecs.BOM_UTF16_LE + data.decode().encode("utf-16-le"),
    "UTF-16 without a BOM": lambda data: data.decode().encode("utf-16-be"),
    "UTF-8 with a BOM": lambda data: codecs.BOM_UTF8 + data,
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "two gzip members": lambda data: gzip.compress(data, mtime=0) + gzip.compress(data, mtime=0),
    "half": lambda data: data[: len(data) // 2],
    "garbage at its end": lambda data: data + b"garbage",
}


def widths(text: str) -> list[tuple[int, str]]:
    """The columns of each line, colour codes left out."""
    from validator.render.terminal_style import columns  # noqa: PLC0415

    plain = re.sub("\x1b\\[[0-9;]*m", "", text)
    return [(columns(line), line) for line in plain.split("\n")]
