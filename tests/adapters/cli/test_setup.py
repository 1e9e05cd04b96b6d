"""The commands of the guided setup, from the outside: by flags, and when something is wrong."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tests.support.command import SAMPLES, uclint, widths
from validator.config import data_directory

if TYPE_CHECKING:
    from pathlib import Path

WINBACK = "boost-retention-upsell-and-cross-sell/personalize-winback"
ANA = ("--by", "Ana", "--on", "2026-03-02")


def ok(*arguments: str | Path, cwd: Path, code: int = 0) -> str:
    done = uclint(*arguments, cwd=cwd)
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode()


def refused(*arguments: str, cwd: Path) -> str:
    before = {path.name: path.read_bytes() for path in cwd.iterdir()}
    done = uclint(*arguments, cwd=cwd)
    assert done.returncode == 2
    assert {path.name: path.read_bytes() for path in cwd.iterdir()} == before, "a refusal changes nothing"
    return done.stderr.decode()


@pytest.fixture
def reviewed(tmp_path: Path) -> Path:
    directory = tmp_path / "shop"
    directory.mkdir()
    ok("init", "-u", WINBACK, "--reviewed", *ANA, cwd=directory)
    return directory


def test_flags_that_do_not_fit(reviewed: Path) -> None:
    assert "is a use case of several goals" in refused(
        "init", "-u", "personalize-winback", "--file", "other", cwd=reviewed
    )
    assert "there is no --source of it" in refused("init", "--when", "a", "/b", "c", cwd=reviewed)
    assert "there is no --destination of it" in refused("init", "--integration", "a", "b", cwd=reviewed)
    assert "run this on a terminal" in refused("init", cwd=reviewed)
    assert "--by needs a name" in refused("init", "--source", "a", "Website", "--by", " ", cwd=reviewed)
    assert "dev has no source ''" in refused("init", "--destination", "a", "Analytics", "", cwd=reviewed)
    assert "does not match the format" in refused("init", "--source", "a", "Website", "--on", "soon", cwd=reviewed)
    assert "say which environment" in refused("checklist", "calls.ndjson", cwd=reviewed)
    assert "name the calls of dev to read" in refused("checklist", "--env", "dev", cwd=reviewed)
    assert "a reset would lose the choice" in refused("init", "--reset", cwd=reviewed)
    assert "cannot be marked done by hand" in refused("checklist", "--done", "x", cwd=reviewed)


def test_all_of_one_command_or_nothing(reviewed: Path) -> None:
    output = refused("init", "--source", "a", "Website", "--source", "b", "Websight", *ANA, cwd=reviewed)
    assert "did you mean Website?" in output


def test_a_reset_is_done_only_when_asked_for(reviewed: Path) -> None:
    ok("init", "--source", "web-dev", "Website", *ANA, cwd=reviewed)
    ok("init", "--reset", "--yes", "-u", "optimize-advertising/suppress-with-purchase", *ANA, cwd=reviewed)
    text = (reviewed / "uclint-setup.toml").read_text("utf-8")
    assert "suppress-with-purchase" in text
    assert "winback" not in text
    assert "web-dev" in text, "sources are kept"


def test_reading_settles_only_what_was_read_whole(reviewed: Path) -> None:
    ok("init", "--source", "web-dev", "Website", *ANA, cwd=reviewed)
    before = (reviewed / "uclint-setup.toml").read_bytes()
    good = SAMPLES / "personalize-winback.good.ndjson"
    ok("checklist", "--env", "dev", good, "--dry-run", cwd=reviewed, code=1)
    assert (reviewed / "uclint-setup.toml").read_bytes() == before
    done = uclint("checklist", "--env", "dev", good, "missing.ndjson", cwd=reviewed)
    assert done.returncode == 2
    assert b"missing.ndjson: no such file" in done.stderr
    assert (reviewed / "uclint-setup.toml").read_bytes() == before
    ok("checklist", "--env", "dev", good, cwd=reviewed, code=1)
    assert b"analytics.js" in (reviewed / "uclint-setup.toml").read_bytes()


def test_no_use_case_and_calls(tmp_path: Path) -> None:
    assert "no use case is chosen yet" in refused("checklist", "--env", "dev", "-", cwd=tmp_path)


def fits(kind: str, document: Any) -> None:
    schema = json.loads((data_directory("schemas") / f"{kind}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)


def test_json_fits_its_schema(reviewed: Path, tmp_path: Path) -> None:
    good, flawed = (SAMPLES / f"personalize-winback.{kind}.ndjson" for kind in ("good", "flawed"))
    for code, arguments in (
        (0, ["recommend", flawed]),
        (0, ["recommend", SAMPLES / "archive.ndjson.gz"]),
        (3, ["recommend", "-"]),
        (0, ["checklist"]),
        (1, ["checklist", "--env", "dev", good]),
        (0, ["checklist", "--file", "none"]),
    ):
        kind = "recommendation" if arguments[0] == "recommend" else "checklist"
        fits(kind, json.loads(ok(*arguments, "--format", "json", cwd=reviewed, code=code)))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag not in ("meta", "link", "br", "rect"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "rect":
            assert self.open.pop() == tag


def test_the_checklist_in_every_format(reviewed: Path) -> None:
    name = "a & <b>"
    ok("init", "--source", "web-dev", "Website", "--by", name, "--on", "2026-03-02", cwd=reviewed)
    ok("checklist", "--env", "dev", SAMPLES / "personalize-winback.good.ndjson", *ANA, cwd=reviewed, code=1)
    ok("init", "--destination", "amplitude", "Analytics", "web-dev", *ANA, cwd=reviewed)
    ok("checklist", "--done", "amplitude", "--by", name, "--on", "2026-03-02", cwd=reviewed)

    text = ok("checklist", cwd=reviewed)
    assert "confirmed by hand by a & <b> on 2026-03-02" in " ".join(text.split())
    document = json.loads(ok("checklist", "--format", "json", cwd=reviewed))
    assert document["next"] == "dev-verified"
    states = [step["status"] for step in document["steps"]]
    assert states == ["done"] * 4 + ["open"] + ["waiting"] * 4
    markdown = ok("checklist", "--format", "markdown", cwd=reviewed)
    assert markdown.count("- [x]") == 4
    assert markdown.count("- [ ]") == 5
    assert "<b>" not in markdown
    page = ok("checklist", "--format", "html", cwd=reviewed)
    assert "4 of 9 steps done" in page
    assert name not in page
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert "<script" not in page


@pytest.mark.parametrize("columns", [40, 80])
def test_a_checklist_fits_the_screen(reviewed: Path, columns: int) -> None:
    ok("init", "--source", "web-dev", "Website", *ANA, cwd=reviewed)
    sample = SAMPLES / "personalize-winback.flawed.ndjson"
    for arguments in (["checklist", "--env", "dev", sample], ["checklist"], ["recommend", sample]):
        done = uclint(*arguments, cwd=reviewed, env={"COLUMNS": str(columns)})
        for width, line in widths(done.stdout.decode()):
            assert width <= columns, line


@pytest.fixture
def connected(reviewed: Path) -> Path:
    """Dev is verified; a site and an app feed Mixpanel."""
    calls = [json.loads(line) for line in (SAMPLES / "personalize-winback.good.ndjson").read_bytes().splitlines()]
    lines = [json.dumps({**call, "integrations": {"Mixpanel": True}}) for call in calls]
    (reviewed / "dev.ndjson").write_text("\n".join(lines), encoding="utf-8")
    ok("init", "--source", "web-dev", "Website", "--source", "app-dev", "Mobile", "--destination", "mixpanel-dev",
       "Analytics", "web-dev,app-dev", "--integration", "mixpanel-dev", "Mixpanel", *ANA, cwd=reviewed)  # fmt: skip
    ok("checklist", "--env", "dev", "dev.ndjson", *ANA, cwd=reviewed)
    return reviewed


def changed(directory: Path, *arguments: str) -> str:
    """What changing something says, in one line."""
    return " ".join(ok("init", *arguments, *ANA, cwd=directory).split())


def test_sources_and_destinations_are_removed(connected: Path) -> None:
    output = refused("init", "--remove-source", "web-dv", cwd=connected)
    assert "dev has no source 'web-dv'; did you mean web-dev?" in output
    output = changed(connected, "--remove-source", "web-dev")
    assert "web-dev is removed from dev; this drops its proof: 31 calls from analytics.js" in output
    assert (
        "mixpanel-dev in dev is changed: fed by app-dev (was web-dev, app-dev); this drops its proof: 40 calls"
        in output
    )
    output = refused("init", "--remove-source", "app-dev", cwd=connected)
    assert (
        "app-dev is the only source of mixpanel-dev; feed it from another one (--destination), or remove it" in output
    )
    output = changed(connected, "--remove-source", "app-dev", "--remove-destination", "mixpanel-dev")
    assert "mixpanel-dev is removed from dev" in output
    assert "next: Connect a dev source" in output
    assert "web-dev" not in (connected / "uclint-setup.toml").read_text("utf-8")


def test_one_command_replaces_a_source(connected: Path) -> None:
    output = changed(connected, "--remove-source", "web-dev", "--source", "shop-dev", "Website", "--destination",
                   "mixpanel-dev", "Analytics", "shop-dev,app-dev")  # fmt: skip
    assert "fed by shop-dev, app-dev (was web-dev, app-dev); this drops its proof" in output
    assert 'integration = "Mixpanel"' in (connected / "uclint-setup.toml").read_text("utf-8"), "it is kept"
    output = refused("init", "--remove-source", "app-dev", "--source", "app-dev", "Website", cwd=connected)
    assert "app-dev is both removed and added; to change it, leave the removal out" in output


def test_what_is_there_is_changed_by_naming_it_again(connected: Path) -> None:
    output = changed(connected, "--source", "web-dev", "Mobile")
    assert "web-dev in dev is changed: of the type Mobile (was Website); this drops its proof: 31 calls" in output
    output = changed(connected, "--integration", "mixpanel-dev", "Mixpanel EU")
    assert (
        "mixpanel-dev in dev is changed: calls name it Mixpanel EU (was Mixpanel); this drops its proof: 40 calls"
        in output
    )
    output = changed(connected, "--when", "app-dev", "/context/app", "shop")
    assert "app-dev in dev is changed: another rule identifies its calls; this drops its proof: 4 calls" in output
    output = changed(connected, "--source", "web-dev", "Mobile")
    assert "uclint-setup.toml is unchanged" in output


def test_the_calls_of_dev_do_not_prove_prod(connected: Path) -> None:
    ok("init", "--env", "prod", "--source", "web", "Website", *ANA, cwd=connected)
    before = (connected / "uclint-setup.toml").read_bytes()
    output = " ".join(ok("checklist", "--env", "prod", "dev.ndjson", cwd=connected, code=1).split())
    assert "among these are the calls that proved dev (read on 2026-03-02): all message ids noted of them" in output
    assert (connected / "uclint-setup.toml").read_bytes() == before
    text = (connected / "dev.ndjson").read_text("utf-8").replace('"messageId": "', '"messageId": "p-')
    (connected / "prod.ndjson").write_text(text, encoding="utf-8")
    ok("checklist", "--env", "prod", "prod.ndjson", cwd=connected, code=1)
    assert b"[prod.sources.web.seen]" in (connected / "uclint-setup.toml").read_bytes()
