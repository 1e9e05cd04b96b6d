"""Sample calls are what they claim to be, and the code of snippets, run, sends calls that cover the use case."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.checking import check_stream
from validator.adapters.cli.catalog import LANGUAGES as NAMES
from validator.catalog import CallMatch, Catalog, Event, EventUse, Property, UseCase
from validator.instrument.languages import LANGUAGES
from validator.instrument.sample_calls import generate
from validator.instrument.snippets import snippets
from validator.model import JSON_TYPES

if TYPE_CHECKING:
    from validator.report import Report

CATALOG = Catalog.load()
USE_CASES = {use_case.id: use_case for use_case in CATALOG.use_cases}
ODD = UseCase(
    "odd",
    "odd",
    "Odd",
    "Names that mean something in some language.",
    (
        EventUse(
            Event(
                'Say "hi" $you #{x} \\(y) {z}',
                "Odd.",
                (CallMatch("track", {}),),
                tuple(
                    Property(
                        f'{kind} "a" $b #{{c}} \\d {{e}}/~',
                        (kind,),
                        ("string",) if kind == "array" else None,
                        "Odd.",
                        None,
                    )
                    for kind in JSON_TYPES
                ),
            ),
            tuple(f'{kind} "a" $b #{{c}} \\d {{e}}/~' for kind in JSON_TYPES),
        ),
    ),
    ("Website",),
    ("Analytics",),
)


def checked(lines: str, use_case: UseCase) -> Report:
    return check_stream(lines.encode(), [use_case])


@pytest.mark.parametrize("use_case", [*USE_CASES.values(), ODD], ids=lambda u: u.id)
def test_sample_calls_are_valid_and_whole(use_case: UseCase) -> None:
    lines = "".join(generate(use_case, 24, seed=3))
    report = checked(lines, use_case)
    assert (report.calls, report.findings) == (24, ())
    assert report.use_cases[0].coverage == 1
    assert {json.loads(line)["type"] for line in lines.splitlines()} <= {
        call.type for use in use_case.events for call in use.event.calls
    }


@pytest.mark.parametrize("use_case", [*USE_CASES.values(), ODD], ids=lambda u: u.id)
def test_flawed_calls_are_found(use_case: UseCase) -> None:
    assert checked("".join(generate(use_case, 1, flaws=True)), use_case).findings
    report = checked("".join(generate(use_case, 120, flaws=True)), use_case)
    assert sum(report.lines.values()) == 120
    codes = {finding.code for finding in report.findings}
    assert codes >= {"IN501", "SP302", "NM401"}
    if any(use.recommended for use in use_case.events):
        assert codes >= {"UC102", "TP202"}


def test_a_seed_makes_the_same_calls() -> None:
    use_case = CATALOG.use_cases[0]
    assert list(generate(use_case, 9, seed=5, flaws=True)) == list(generate(use_case, 9, seed=5, flaws=True))
    assert list(generate(use_case, 9, seed=5)) != list(generate(use_case, 9, seed=6))
    assert list(generate(use_case, 9, seed=5))[:4] == list(generate(use_case, 4, seed=5))


def test_calls_select_destinations() -> None:
    (line,) = generate(CATALOG.use_cases[0], 1, destinations=["Mixpanel"])
    assert json.loads(line)["integrations"] == {"All": False, "Mixpanel": True}


def test_the_command_knows_the_languages_there_are() -> None:
    assert tuple(LANGUAGES) == NAMES


def run_javascript(code: str) -> list[dict[str, Any]]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    stub = """
        const calls = [], userId = "u", anonymousId = "a";  // which a browser's library adds by itself
        const one = (type) => (first, second, third) => calls.push(
          typeof first === "object" ? {type, ...first}
          : type === "track" ? {type, anonymousId, event: first, properties: second}
          : {type, anonymousId, category: first, name: second, properties: third});
        const analytics = {track: one("track"), page: one("page"), screen: one("screen")};
    """
    done = subprocess.run(
        [node, "-e", f"{stub}\n{code}\nconsole.log(JSON.stringify(calls))"], capture_output=True, check=True, timeout=60
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def run_python(code: str) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = []

    class Analytics:
        def track(self, user_id: str, event: str, properties: dict[str, Any]) -> None:
            calls.append({"type": "track", "userId": user_id, "event": event, "properties": properties})

        def page(self, user_id: str, category: str, name: str, properties: dict[str, Any], kind: str = "page") -> None:
            calls.append(
                {"type": kind, "userId": user_id, "category": category, "name": name, "properties": properties}
            )

        def screen(self, user_id: str, category: str, name: str, properties: dict[str, Any]) -> None:
            self.page(user_id, category, name, properties, "screen")

    exec(compile(code, "<snippet>", "exec"), {"analytics": Analytics(), "USER_ID": "u"})  # noqa: S102 - our own code
    return calls


def run_http(code: str) -> list[dict[str, Any]]:
    bodies = re.findall(r"/v1/(\w+) .*?<<'END'\n(.*?)\nEND", code, re.DOTALL)
    return [{"type": kind, **json.loads(body)} for kind, body in bodies]


@pytest.mark.parametrize(
    ("language", "run"), [("js", run_javascript), ("node", run_javascript), ("python", run_python), ("http", run_http)]
)
def test_snippets_run_and_cover_the_use_case(language: str, run: Any) -> None:
    use_cases = [*{use_case.slug: use_case for use_case in CATALOG.use_cases}.values(), ODD]
    calls = {use_case.id: 0 for use_case in use_cases}
    codes = [snippets(use_case, language) for use_case in use_cases]
    found = iter(run("\n".join(codes)))
    for use_case in use_cases:
        mine = [next(found) for _ in use_case.events]
        report = checked("".join(f"{json.dumps(call)}\n" for call in mine), use_case)
        assert report.findings == (), use_case.id
        assert report.use_cases[0].coverage == 1
        calls[use_case.id] = report.calls
    assert next(found, None) is None
    assert all(calls.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_and_property_is_named_with_its_type(language: str) -> None:
    for use_case in CATALOG.use_cases:
        code = snippets(use_case, language)
        for use in use_case.events:
            assert f"{use.event.name}: {use.event.about}" in code
            for name in use.recommended:
                prop = use.event.property(name)
                assert re.search(rf"\b{name}\b.*{' or '.join(prop.types)}.*: {re.escape(prop.about)}", code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_brackets_close(language: str) -> None:
    for use_case in [*CATALOG.use_cases, ODD]:
        code = re.sub(r'"(?:\\.|[^"\\])*"', "", snippets(use_case, language))
        comment = LANGUAGES[language].comment
        code = re.sub(rf"(?m)(?<!:){comment}.*$", "", code)
        depth: list[str] = []
        for character in code:
            if character in "([{":
                depth.append(")]}"["([{".index(character)])
            elif character in ")]}":
                assert depth.pop() == character, use_case.id
        assert not depth
