"""The HTML page: fetches nothing, can be read by everybody, and works in a real browser where there is one."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import shutil
import subprocess
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.support.checking import check_stream
from tests.support.command import SAMPLES
from tests.support.readers import Page
from tests.support.reports import everything, hostile, large, report
from validator.catalog import Catalog
from validator.render.html import MOST_INPUTS, render_html
from validator.render.html_findings import MOST_FINDINGS
from validator.render.page_files import page_file
from validator.report import Report, judge_report
from validator.report.model import Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SAMPLE = SAMPLES / "personalize-winback.flawed.ndjson"
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def page(given: Report) -> str:
    return render_html(given, judge_report(given, allow_empty=True))


@pytest.fixture(scope="module", params=["sample", "all use cases", "hostile", "nothing", "large", "all there is"])
def text(request: pytest.FixtureRequest) -> str:
    made: dict[str, Callable[[], Report]] = {
        "sample": lambda: check_stream(SAMPLE.read_bytes(), Catalog.load().find("personalize-winback")),
        "all use cases": lambda: check_stream(SAMPLE.read_bytes()),
        "hostile": hostile,
        "nothing": lambda: report(()),
        "large": lambda: large(MOST_FINDINGS + 5),
        "all there is": everything,
    }
    return page(made[request.param]())


def test_nothing_is_fetched(text: str) -> None:
    parsed = Page(text)
    policy = next(str(a["content"]) for t, a in parsed.tags if a.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    for tag in ("style", "script"):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
        assert not re.search(r"url\(|@import|https?:|fetch|XMLHttpRequest|import\(|innerHTML|eval", content)
    assert [a["href"] for t, a in parsed.tags if t == "link"] == ["data:,"]


def test_structure(text: str) -> None:
    parsed = Page(text)
    assert text.startswith('<!doctype html>\n<html lang="en">')
    tags = [tag for tag, _ in parsed.tags]
    for once in ("h1", "header", "main", "nav", "footer"):
        assert tags.count(once) == 1, once
    assert [path for path, data in parsed.texts if data == "<title>" and "svg" not in path] == [
        ("html", "head", "title")
    ]
    ids = [a["id"] for _, a in parsed.tags if "id" in a]
    assert len(ids) == len(set(ids))
    named = [a.get("for") for t, a in parsed.tags if t == "label"]
    named += [a["aria-labelledby"] for _, a in parsed.tags if "aria-labelledby" in a]
    named += [(a["href"] or "")[1:] for t, a in parsed.tags if t == "a" and (a["href"] or "").startswith("#")]
    assert set(named) <= set(ids)
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    fields = {a["id"] for t, a in parsed.tags if t in ("input", "select")}
    assert fields <= {a.get("for") for t, a in parsed.tags if t == "label"}
    assert all(a.get("scope") for t, a in parsed.tags if t == "th")
    assert all(a.get("aria-hidden") == "true" for t, a in parsed.tags if t == "svg")


def test_what_is_left_out_is_reported() -> None:
    assert "5 further findings left out" in page(large(MOST_FINDINGS + 5))
    given = report((), paths=[f"{n}.ndjson" for n in range(MOST_INPUTS + 3)])
    assert "3 further inputs left out" in page(given)


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_at_least_aa(scheme: str) -> None:
    blocks = page_file("page.css").split(":root {")[1:3]
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)) for block in blocks)
    colors = light if scheme == "light" else light | dark
    assert set(light) == set(dark)
    for ink in ("ink", "soft", "link", "bad", "warn", "ok"):
        for ground in ("ground", "card"):
            assert contrast(colors[ink], colors[ground]) >= 4.5, (ink, ground)
    for ink, ground in (
        ("ok", "ok-ground"),
        ("bad", "bad-ground"),
        ("warn", "warn-ground"),
        ("ink", "code"),
        ("soft", "code"),
    ):
        assert contrast(colors[ink], colors[ground]) >= 4.5, (ink, ground)
    for part in ("present", "wrong", "calls"):
        assert contrast(colors[part], colors["card"]) >= 3, part


def in_a_browser(text: str, directory: Path) -> tuple[str, str]:
    """The page as a browser has it once its script has run, and what the browser complains of."""
    if not BROWSER:
        pytest.skip("no Chromium here")
    file = directory / "page.html"
    file.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [
            *(BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
            *(f"--user-data-dir={directory / 'profile'}", "--enable-logging=stderr", "--dump-dom", file.as_uri()),
        ],
        check=False,
        capture_output=True,
        timeout=100,
    )
    if done.returncode or not done.stdout:
        pytest.skip("this Chromium does not run here")
    complaints = [line for line in done.stderr.decode().splitlines() if "CONSOLE" in line]
    return done.stdout.decode(), "\n".join(complaints)


def test_its_script_runs_in_a_browser(tmp_path: Path) -> None:
    given = hostile()
    dom, complaints = in_a_browser(page(given), tmp_path)
    assert complaints == ""
    assert f"All {len(given.findings)} shown" in dom
    assert 'id="filter" role="search" aria-label="Findings">' in dom


def test_it_begins_with_what_the_baseline_does_not_know(tmp_path: Path) -> None:
    given = everything()
    dom, complaints = in_a_browser(page(given), tmp_path)
    assert complaints == ""
    wanted = sum(f.status is not Status.KNOWN for f in given.findings)
    assert f"{wanted} of {len(given.findings)} shown" in dom
    shown = re.findall(r'<li class="finding"[^>]* data-status="(\w+)"[^>]*>(?<!hidden="">)', dom)
    assert len(shown) == wanted
    assert set(shown) == {"new", "grown"}


def test_it_fits_a_phone_in_a_browser(tmp_path: Path) -> None:
    frame = f'<iframe width="375" height="700" srcdoc="{html.escape(page(everything()))}"></iframe>'
    script = """<script>
      const frame = document.querySelector("iframe");
      frame.onload = () => {
        const { clientWidth, scrollWidth } = frame.contentDocument.documentElement;
        document.title = `a window of ${clientWidth} pixels has a page of ${scrollWidth}`;
      };
    </script>"""
    dom, _ = in_a_browser(f"<!doctype html><title></title>{frame}{script}", tmp_path)
    (window, whole) = re.findall(r"a window of (\d+) pixels has a page of (\d+)</title>", dom)[0]
    assert 300 < int(window) <= 375
    assert whole == window


def test_its_filter_narrows_down_in_a_browser(tmp_path: Path) -> None:
    given = hostile()
    search = """<script>
      document.getElementById("search").value = "OCTOCAT team";
      document.getElementById("severity").value = "warning";
      document.getElementById("search").dispatchEvent(new Event("input"));
    </script></body>"""
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page(given)).replace("</body>", search)
    dom, complaints = in_a_browser(text, tmp_path)
    assert complaints == ""
    wanted = [f for f in given.findings if "@octocat" in f"{f.message} {f.property}" and f.severity.value == "warning"]
    assert wanted
    shown = re.findall(r'<li class="finding" data-code="(\w+)" data-severity="(\w+)"[^>]*>(?<!hidden="">)', dom)
    assert sorted(shown) == sorted((f.code, "warning") for f in wanted)
    assert f"{len(wanted)} of {len(given.findings)} shown" in dom
    cards = re.findall(
        r'<section class="card rule"([^>]*)>.*?<span class="soft small count">([^<]*)</span>', dom, re.DOTALL
    )
    counts = [message for hidden, message in cards if "hidden" not in hidden]
    assert sum(int(message.split(" of ")[0].split()[0]) for message in counts) == len(wanted)
    assert all(" of " in message for message in counts)
