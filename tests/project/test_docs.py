"""The pages are true: their blocks print what they say, what is made is fresh, and links lead somewhere.

`UCLINT_REFRESH=1 pytest tests/project/test_docs.py` writes what blocks print and docs/rules.md anew; see
`tests/support/pages.py`.
"""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from bench.records import RUNS, chart, newest
from tests.support.command import REFRESH, ROOT
from tests.support.object_server import ObjectServer, serve_objects
from tests.support.pages import PAGES, RULES_PAGE, Page, rules_page
from validator import __all__ as api
from validator.adapters.cli.check import command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.no_cover

CLOUD = ROOT / "docs" / "cloud.md"

ALL = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("samples/*.md")])


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def same(path: Path, fresh: str) -> None:
    if REFRESH:
        path.write_text(fresh, encoding="utf-8")
    assert path.read_text("utf-8") == fresh, "run: python -m tests.refresh"


def test_rules_page_is_fresh() -> None:
    same(RULES_PAGE, rules_page())


@pytest.fixture
def server() -> Iterator[ObjectServer]:
    """A server with an archive as Segment has it: `s3://segment-logs/segment-logs/SOURCE/DAY/FILE.gz`."""
    for found in serve_objects():
        days = {"1709164800000": "accelerate-onboarding.flawed", "1709251200000": "acquire-paid-subscriptions.flawed"}
        samples = {f"web/{day}": ROOT / "samples" / f"{sample}.ndjson" for day, sample in days.items()}
        samples["ios/1709251200000"] = ROOT / "samples" / "acquire-paid-subscriptions.good.ndjson"
        packed = {where: gzip.compress(path.read_bytes(), mtime=0) for where, path in samples.items()}
        found.put("archive", {f"segment-logs/{where}/1.gz": data for where, data in packed.items()})
        yield found


def test_blocks_about_buckets_print_what_the_page_says(tmp_path: Path, server: ObjectServer) -> None:
    pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'uclint[parquet]'")
    directory = tmp_path / "work"
    directory.mkdir()
    same(CLOUD, Page(directory, server.environment).fresh(CLOUD.read_text("utf-8")))


@pytest.mark.parametrize("path", [p for p in PAGES if p not in (RULES_PAGE, CLOUD)], ids=name)
def test_blocks_print_what_the_page_says(path: Path, tmp_path: Path) -> None:
    directory = tmp_path / "work"
    directory.mkdir()
    same(path, Page(directory).fresh(path.read_text("utf-8")))


@pytest.mark.parametrize("path", ALL, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    text = without_code(path)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        found = path.parent / file if file else path
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


def without_code(path: Path) -> str:
    return re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(path: Path) -> set[str]:
    """The headings of a page as links name them."""
    headings = re.findall(r"^#+ (.+)$", without_code(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_option_of_check_is_described() -> None:
    page = (ROOT / "docs" / "check.md").read_text("utf-8")
    options = [parameter.opts for parameter in command.params if parameter.opts[0].startswith("-")]
    assert [names for names in options if not any(f"`{name}" in page for name in names)] == []


def test_every_name_of_the_api_is_described() -> None:
    page = (ROOT / "docs" / "python.md").read_text("utf-8")
    assert [name for name in api if f"`{name}`" not in page] == []


def test_the_site_has_every_page() -> None:
    """MkDocs itself is not needed: `mkdocs build --strict` checks the rest."""
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"]
    named = [
        page for entry in nav for pages in entry.values() for page in ([pages] if isinstance(pages, str) else pages)
    ]
    assert sorted(named) == sorted(path.name for path in ROOT.glob("docs/*.md"))


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("material", reason="needs the extra docs")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", tmp_path / "site"],
        cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "site" / "check" / "index.html").exists()


def test_the_chart_of_the_speeds_is_fresh() -> None:
    record = next(r for r in newest(RUNS, "contest") if r["file"]["sort"] == "traffic")
    same(ROOT / "docs" / "speed.svg", chart(record))
