"""`python -m tests.refresh`: writes anew whatever in the repository is made from something else.

That is docs/rules.md, what the blocks of the README and docs/ print, the golden outputs under tests/golden, the
compiled plans under schemas/tracking-plans, plans/compiled.json and the bundled samples. Look at `git diff` afterwards.
"""

import os
import subprocess
import sys

from tests.support.command import ROOT, command
from validator.catalog.compiled import write_compiled
from validator.catalog.load import load_directory
from validator.config import data_directory

# Tests that write what they compare with.
REFRESHING = ("adapters/cli/test_cli", "project/test_docs", "render/test_formats")


def main() -> None:
    """Writes all of them."""
    plans = data_directory("plans")
    write_compiled(plans, *load_directory(plans))
    run([sys.executable, "-m", "samples.generate", "--bundled"])
    run([command(), "compile", "--all", "schemas/tracking-plans"])
    run([sys.executable, "-m", "pytest", "-q", *(f"tests/{name}.py" for name in REFRESHING)])


def run(arguments: list[str]) -> None:
    subprocess.run(arguments, check=True, cwd=ROOT, env=os.environ | {"UCLINT_REFRESH": "1"})


if __name__ == "__main__":
    main()
