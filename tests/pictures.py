"""`python -m tests.pictures`: draws the pictures of the HTML report in `docs/`, light and dark, with Chromium."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.command import ROOT

PICTURES = {"light": 1, "dark": 0}
"""Name of a picture -> Chromium's number of the colour scheme."""

SAMPLE = ("samples/personalize-winback.flawed.ndjson", "-u", "personalize-winback")
SIZE = (1000, 940)


def main() -> None:
    """Draws them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "docs", help="where the pictures go")
    parser.add_argument(
        "--chromium", default=shutil.which("chromium") or shutil.which("google-chrome"), help="its path"
    )
    arguments = parser.parse_args()
    if arguments.chromium is None:
        raise SystemExit("Chromium is not installed; name it with --chromium")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "report.html")
        report = [sys.executable, "-m", "validator", "check", *SAMPLE, "--no-config"]
        done = subprocess.run([*report, "-o", str(page)], cwd=ROOT, check=False)
        if done.returncode != 1:  # the sample has errors
            raise SystemExit(f"uclint ended with {done.returncode}")
        for name, scheme in PICTURES.items():
            draw(arguments.chromium, page, arguments.folder / f"report-{name}.png", scheme)


def draw(chromium: str, page: Path, picture: Path, scheme: int) -> None:
    """Draws one picture of a page."""
    width, height = SIZE
    look = ["--hide-scrollbars", f"--window-size={width},{height}", f"--blink-settings=preferredColorScheme={scheme}"]
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", *look, f"--screenshot={picture.absolute()}"]
    subprocess.run([*command, page.as_uri()], check=True, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
