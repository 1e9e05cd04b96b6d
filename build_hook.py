"""Builds the native core with the package where that is possible; without it everything works in Python.

`UCLINT_NATIVE` decides: `auto` (the default) builds it if there is a C compiler, `0` never does, and with `1` the
installation fails without it. `CC` and `CFLAGS` work as in any C build.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # not needed to compile the core alone
    BuildHookInterface = object

SOURCES = Path("validator", "native")
BINARY = "_core.abi3.so"
FLAGS = ("-O3", "-std=c11", "-fPIC", "-fvisibility=hidden")


class NativeHook(BuildHookInterface):
    """Compiles `validator/native` to one extension module for CPython 3.11 and later."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the binary to a wheel; for an editable installation it is in the source tree."""
        if self.target_name != "wheel":
            return
        wanted = os.environ.get("UCLINT_NATIVE") or "auto"
        in_tree = Path(self.root, SOURCES, BINARY)
        in_tree.unlink(missing_ok=True)
        if wanted == "0":
            return
        editable = version == "editable"
        binary = in_tree if editable else Path(tempfile.mkdtemp(), BINARY)
        try:
            compile_to(binary, Path(self.root, SOURCES))
        except (OSError, subprocess.CalledProcessError) as error:
            if wanted == "1":
                raise
            self.app.display_warning(f"Without the native core, which is faster and does the same: {error}")
            return
        build_data["pure_python"] = False
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"cp311-abi3-{platform}"
        if not editable:
            build_data["force_include"][str(binary)] = (SOURCES / BINARY).as_posix()


def compile_to(binary: Path, sources: Path, flags: tuple[str, ...] = ()) -> None:
    """Compiles the native core.

    Args:
        binary: The file to write.
        sources: The folder of the C files.
        flags: Further flags of the compiler.

    Raises:
        OSError: There is no compiler, or this is a Python for which the core is not built.
        subprocess.CalledProcessError: The compiler failed, perhaps because `Python.h` is missing.
    """
    if sys.implementation.name != "cpython" or sys.platform == "win32" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        raise OSError("it is built for CPython with its lock, and not on Windows")
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    link = ["-bundle", "-undefined", "dynamic_lookup"] if sys.platform == "darwin" else ["-shared"]
    include = f"-I{sysconfig.get_path('include')}"
    files = [str(path) for path in sorted(sources.glob("*.c"))]
    own = shlex.split(os.environ.get("CFLAGS", ""))
    command = [*compiler, *FLAGS, *own, *flags, include, *link, *files, "-o", str(binary)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise OSError(f"{shlex.join(compiler)} failed{': ' + lines[0] if lines else ''}")
