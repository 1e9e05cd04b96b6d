"""`uclint init` on a terminal: names and numbers, near misses, the way back, and a clean stop."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.command import SAMPLES, uclint, widths
from tests.support.dialogue import CTRL_C, CTRL_D, INIT, answered

if TYPE_CHECKING:
    from pathlib import Path

WINBACK = "boost-retention-upsell-and-cross-sell/personalize-winback"
ANA = INIT[1:]
GOOD = SAMPLES / "personalize-winback.good.ndjson"
CHOSEN = [("Which goal", "3"), ("Which use case", "6")]
CONFIRMED = [*CHOSEN, ("Are these the events", "y")]


def run(*arguments: str | Path, cwd: Path, code: int = 0) -> str:
    done = uclint(*arguments, cwd=cwd)
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode()


def file(directory: Path) -> str:
    return (directory / "uclint-setup.toml").read_text("utf-8")


def words(text: str) -> str:
    """The text in one line."""
    return " ".join(text.split())


@pytest.fixture
def dev(tmp_path: Path) -> Path:
    """Dev is verified: a site and an app feed Mixpanel."""
    directory = tmp_path / "shop"
    directory.mkdir()
    text = GOOD.read_text("utf-8").replace('{"anonymousId"', '{"integrations":{"Mixpanel":true},"anonymousId"')
    (directory / "dev.ndjson").write_text(text, encoding="utf-8")
    (directory / "prod.ndjson").write_text(text.replace('"messageId":"', '"messageId":"p-'), encoding="utf-8")
    run("init", "-u", WINBACK, "--reviewed", *ANA, cwd=directory)
    run("init", "--source", "web-dev", "Website", "--source", "app-dev", "Mobile", "--destination", "mixpanel-dev",
        "Analytics", "web-dev,app-dev", "--integration", "mixpanel-dev", "Mixpanel", *ANA, cwd=directory)  # fmt: skip
    run("checklist", "--env", "dev", "dev.ndjson", *ANA, cwd=directory)
    return directory


def test_asked_or_given_by_options_it_is_the_same(tmp_path: Path) -> None:
    shown = answered(tmp_path, [*CHOSEN[:1], ("Which use case", "99"), CHOSEN[1], ("Are these the events", "n")])
    assert "Raise the frequency of purchases" in words(shown)
    assert "6. Personalize winback\n     Re-engage customers who went quiet." in shown
    assert "pct_scrolled" in shown
    assert "there is no '99'; answer with a number from 1 to 6" in words(shown)
    assert "reviewed" not in file(tmp_path)
    shown = answered(
        tmp_path,
        [
            ("Are these the events", "y"),
            ("Do you have a dev source", "y"),
            ("Its name", "-web"),
            ("Its name", "web-dev"),
            ("Its type", "1"),
            ("Another dev source", "n"),
            ("Do you have a dev destination", "y"),
            ("Its name", "mixpanel-dev"),
            ("Its type", "3"),
            ("Its name in", "Mixpanel"),
            ("Another dev destination", "n"),
        ],
    )
    assert "'-web' is not a valid name" in shown
    by_flags = tmp_path / "flags"
    by_flags.mkdir()
    run("init", "-u", WINBACK, "--reviewed", *ANA, cwd=by_flags)
    run("init", "--source", "web-dev", "Website", "--destination", "mixpanel-dev", "Analytics", "web-dev",
        "--integration", "mixpanel-dev", "Mixpanel", *ANA, cwd=by_flags)  # fmt: skip
    assert file(by_flags) == file(tmp_path)


def test_names_several_sources_and_near_misses(tmp_path: Path) -> None:
    shown = answered(
        tmp_path,
        [
            ("Which goal", "retention"),
            ("Did you mean Boost retention, upsell, and cross-sell?", ""),
            ("Which use case", "winbak"),
            ("Did you mean Personalize winback?", "n"),
            ("Which use case", "personalize-winback"),
            ("Are these the events", "yes"),
            ("Do you have a dev source", ""),
            ("Its name", "web-dev"),
            ("Its type", "websit"),
            ("Did you mean Website?", "y"),
            ("Another dev source", "y"),
            ("Its name", "app-dev"),
            ("Its type", "MOBILE"),
            ("Another dev source", ""),
            ("Do you have a dev destination", "y"),
            ("Its name", "mixpanel-dev"),
            ("Its type", "Analytics"),
            ("The sources that feed it, separated by commas", "web-dev, app-dve"),
            ("Did you mean app-dev?", "n"),
            ("The sources that feed it", ","),
            ("The sources that feed it", "app-dev, 1"),
            ("Its name in `integrations` of calls [mixpanel-dev]", "Mixpanel"),
            ("Another dev destination", "n"),
        ],
    )
    text = file(tmp_path)
    assert WINBACK in text
    assert re.search(r'\[dev.sources.web-dev\]\ntype = "Website"', text)
    assert 'from = [\n    "app-dev",\n    "web-dev",\n]\nintegration = "Mixpanel"' in text
    assert "Saved in dev: mixpanel-dev (Analytics), fed by app-dev, web-dev; calls name it Mixpanel." in words(shown)


def test_the_way_back_through_all_questions(tmp_path: Path) -> None:
    shown = answered(
        tmp_path,
        [
            ("`back` returns to the question before", "back"),
            ("this is the first question", "2"),
            ("Which use case", "back"),
            *CHOSEN,
            ("Are these the events", "back"),
            ("Which use case", "back"),
            *CONFIRMED,
            ("Do you have a dev source", "back"),
            ("uclint init --reset undoes the review", "y"),
            ("Its name", "wbe-dev"),
            ("Its type", "Mobile"),
            ("Another dev source", "back"),
            ("Its type [Mobile]", "Website"),
            ("(was Mobile)", "back"),
            ("Its type [Website]", "back"),
            ("Its name in the workspace [wbe-dev]", "web-dev"),
            ("Its type [Website]", ""),
            ("Another dev source", "n"),
            ("Do you have a dev destination", "y"),
            ("Its name", "back"),
            ("Do you have a dev destination", "back"),
            ("Another dev source", "y"),
            ("Its name", "web-dev"),
            ("There is web-dev (Website) already. Change it?", "n"),
            ("Its name", "back"),
            ("Another dev source", "n"),
            ("Do you have a dev destination", "n"),
        ],
    )
    assert WINBACK in file(tmp_path)
    assert "wbe-dev" not in file(tmp_path), "renamed"
    assert "[dev.sources.web-dev]" in file(tmp_path)
    assert "destinations" not in file(tmp_path)
    assert "everything is saved in uclint-setup.toml" in shown
    assert "unchanged" not in shown


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D], ids=["Ctrl-C", "Ctrl-D"])
@pytest.mark.parametrize("term", ["dumb", "xterm"])
def test_a_stop_keeps_what_was_saved(key: str, term: str, tmp_path: Path) -> None:
    shown = answered(tmp_path, [("Which goal", key)], code=130, term=term)
    assert shown.endswith("\nuclint: stopped: nothing was changed; uclint init asks again\n")
    assert list(tmp_path.iterdir()) == []
    started = [*CONFIRMED, ("Do you have a dev source", "y"), ("Its name", "web-dev"), ("Its type", "1")]
    answers = [*started, ("Another dev source", "y"), ("Its name", "app-dev"), ("Its type", key)]
    shown = answered(tmp_path, answers, code=130, term=term)
    assert shown.endswith(
        "\nuclint: stopped: what you answered so far is saved in uclint-setup.toml; uclint init goes on from there\n"
    )
    assert "web-dev" in file(tmp_path)
    assert "app-dev" not in file(tmp_path)
    before = file(tmp_path)
    answered(tmp_path, [("Another dev source", key)], code=130, term=term)
    assert file(tmp_path) == before
    answered(tmp_path, [("This loses the choice", key)], "init", "--reset", code=130, term=term)
    assert file(tmp_path) == before


def test_dev_and_prod_are_explained_before_the_review(tmp_path: Path) -> None:
    message = "Dev and prod are two environments, each with sources and destinations of its own."
    shown = words(answered(tmp_path, [*CHOSEN, ("Are these the events", "n")]))
    assert shown.index("pct_scrolled") < shown.index(message) < shown.index("Are these the events")
    other = tmp_path / "other"
    other.mkdir()
    shown = words(run("init", "-u", WINBACK, *ANA, cwd=other))
    assert shown.index(message) < shown.index("next: Review its events")


def test_prod_offers_what_was_connected_in_dev(dev: Path) -> None:
    shown = answered(
        dev,
        [
            ("Dev has web-dev (Website). Connect one like it in prod?", ""),
            ("Its name in the workspace [web-prod]", "shop"),
            ("Dev has app-dev (Mobile). Connect one like it in prod?", "back"),
            ("Prod has shop (Website) now. Change it?", "y"),
            ("Its name in the workspace [shop]", "web"),
            ("Dev has app-dev (Mobile). Connect one like it in prod?", ""),
            ("Its name in the workspace [app-prod]", ""),
            ("Another prod source?", ""),
            ("Dev has mixpanel-dev (Analytics)", ""),
            ("Its name in the workspace [mixpanel-prod]", ""),
            ("The sources that feed it, separated by commas [web, app-prod]", ""),
            ("Its name in `integrations` of calls [Mixpanel]", ""),
            ("Another prod destination?", "back"),
            ("Prod has mixpanel-prod (Analytics)", "n"),
            ("Another prod destination?", ""),
        ],
    )
    assert "everything is saved" in shown
    assert '[prod.sources.web]\ntype = "Website"' in file(dev)
    assert '[prod.sources.app-prod]\ntype = "Mobile"' in file(dev)
    assert re.search(
        r'\[prod.destinations.mixpanel-prod\]\ntype = "Analytics"\nfrom = \[\n    "web",\n    "app-prod",\n\]\n'
        r'integration = "Mixpanel"',
        file(dev),
    )
    before = file(dev)
    shown = answered(dev, [("Another prod source?", ""), ("Another prod destination?", "")])
    assert "There is mixpanel-prod (Analytics), fed by web, app-prod; calls name it Mixpanel." in words(shown)
    assert file(dev) == before
    assert "saved" not in shown.partition("\n\n")[2]


def test_the_checklist_offers_it_as_a_command(dev: Path) -> None:
    shown = words(run("checklist", cwd=dev))
    command = "init --env prod --source web-prod Website --source app-prod Mobile"
    assert command in shown
    run(*command.split(), *ANA, cwd=dev)
    run("checklist", "--env", "prod", "prod.ndjson", *ANA, cwd=dev, code=1)
    command = (
        "init --env prod --destination mixpanel-prod Analytics web-prod,app-prod --integration mixpanel-prod Mixpanel"
    )
    assert command in words(run("checklist", cwd=dev))
    run(*command.split(), *ANA, cwd=dev)
    run("checklist", "--env", "prod", "prod.ndjson", *ANA, cwd=dev, code=1)
    assert "7 of 9 steps done" in run("checklist", cwd=dev)


def test_an_environment_can_be_asked_for(dev: Path) -> None:
    answers = [("Another dev source", "y"), ("Its name", "kiosk"), ("Its type", "2"), ("Another dev source", "n")]
    answered(dev, [*answers, ("Another dev destination", "")], *INIT, "--env", "dev")
    assert "[dev.sources.kiosk]" in file(dev)


def test_somebody_elses_change_ends_the_questions(tmp_path: Path) -> None:
    run("init", "-u", WINBACK, "--reviewed", *ANA, cwd=tmp_path)
    started = [("Do you have a dev source", "y"), ("Its name", "web-dev")]

    class Meanwhile(str):
        """An answer before which somebody else changes the file."""

        __slots__ = ()

        def __format__(self, spec: str) -> str:
            path = tmp_path / "uclint-setup.toml"
            path.write_text(path.read_text("utf-8").replace("Ana", "Bo"), encoding="utf-8")
            return "1"

    shown = answered(tmp_path, [*started, ("Its type", Meanwhile())], code=2)
    assert "uclint-setup.toml was changed by somebody else in the meantime; run this again" in words(shown)
    assert "web-dev" not in file(tmp_path)


@pytest.mark.parametrize("columns", [50, 80])
def test_the_questions_fit_the_terminal(columns: int, tmp_path: Path) -> None:
    shown = answered(
        tmp_path,
        [
            *CONFIRMED,
            ("dev source to add?", "y"),
            ("Its name", "a-name-that-is-as-long-as-a-name-may-be-which-is-64-letters-web-1"),
            ("is not a valid name", "a-name-that-is-as-long-as-names-may-be-which-is-64-letters-web-1"),
            ("Its type", "1"),
            ("Another dev source?", "n"),
            ("dev destination to add?", "n"),
        ],
        columns=columns,
        term="xterm",
    )
    shown = re.sub(r"\x1b\[[0-9?]*[A-Za-z]", "", shown).replace("\r", "")
    typed = re.compile(r"a-name-that")  # what is typed wraps as the terminal does it
    assert [line for width, line in widths(shown) if width > columns and not typed.search(line)] == []


def test_a_terminal_is_needed_to_be_asked(tmp_path: Path) -> None:
    done = uclint("init", cwd=tmp_path)
    assert done.returncode == 2
    assert b"run this on a terminal to be asked" in done.stderr
