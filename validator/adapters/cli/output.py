"""Writes text to standard output or to a file, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from pathlib import Path

from validator.adapters.cli.standard_streams import silence
from validator.errors import OutputError
from validator.input.buckets.names import in_bucket
from validator.render.terminal_style import Style

MIN_WIDTH, MAX_WIDTH = 40, 100

# Names of open descriptors: written to directly, even if they are regular files.
_DESCRIPTORS = ("/dev/std", "/dev/fd/", "/proc/")


def write(text: str, path: str | None) -> None:
    """Writes to a file, or to standard output for None or `-`.

    A regular file appears whole or not at all; a device or pipe is written to. A closed standard output is quiet.

    Raises:
        OutputError: It cannot be written.
    """
    if path is None or path == "-":
        _write_stdout(text)
        return
    if not path:
        raise OutputError("cannot write the output: -o was given an empty name")
    data = text.encode("utf-8", "backslashreplace")
    try:
        if in_bucket(path):
            from validator.input.buckets.reading import write_object  # noqa: PLC0415 - few write there

            write_object(path, data)
        elif Path(path).is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a directory")
        elif is_special(path):
            with Path(path).open("ab", buffering=0) as device:
                write_all(device.fileno(), data)
        else:
            _replace(Path(path).resolve(), data)
    except BrokenPipeError:
        return
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error


def _replace(target: Path, data: bytes) -> None:
    import tempfile  # noqa: PLC0415 - it imports much

    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    try:
        try:
            write_all(handle, data)
            os.fchmod(handle, mode_for(target))
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(temporary, target)  # noqa: PTH105 - both are paths already
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
        raise


def is_special(path: str) -> bool:
    """Whether it must be written to directly, as no file can replace it: a pipe, a device."""
    return path.startswith(_DESCRIPTORS) or (Path(path).exists() and not Path(path).is_file())


def mode_for(target: Path) -> int:
    """The permissions of the file, or those a new file gets."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def write_all(handle: int, data: bytes) -> None:
    """Writes all of it."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _write_stdout(text: str) -> None:
    if sys.stdout is None:
        return
    try:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode(encoding, "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        silence(sys.stdout)
    except OSError as error:
        silence(sys.stdout)
        raise OutputError(f"cannot write to standard output: {error.strerror or error}") from error


def style(color: str, path: str | None) -> Style:
    """The style that the output supports: colour, width, Unicode.

    Args:
        color: `auto`, `always` or `never`; `auto` follows NO_COLOR, FORCE_COLOR and TERM.
        path: The output file; None for standard output.
    """
    to_stdout = path is None or path == "-"
    terminal = to_stdout and sys.stdout is not None and sys.stdout.isatty()
    dumb = os.environ.get("TERM") == "dumb"
    if color == "auto":
        colored = bool(os.environ.get("FORCE_COLOR")) or (terminal and not dumb)
        colored = colored and not os.environ.get("NO_COLOR")
    else:
        colored = color == "always"
    width = _terminal_width() if terminal else int_or(os.environ.get("COLUMNS"), 80)
    encoding = (sys.stdout.encoding or "") if to_stdout and sys.stdout is not None else "utf-8"
    unicode = encoding.lower().replace("-", "") == "utf8" and not (dumb and terminal)
    return Style(width=min(max(width, MIN_WIDTH), MAX_WIDTH), color=colored, unicode=unicode)


def _terminal_width() -> int:
    import shutil  # noqa: PLC0415 - only for a terminal

    return shutil.get_terminal_size((80, 24)).columns


def int_or(text: str | None, default: int) -> int:
    """Parses a number; the default if it is not one."""
    return int(text) if text and text.isdecimal() and int(text) else default
