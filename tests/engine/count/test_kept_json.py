"""Whatever stands in a profile or a baseline, with a digest that fits, is refused or reported: never a traceback."""

from __future__ import annotations

import copy
import json
import random
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.service.test_profiles import ALL, CATALOG, CHECK, FLAWED, kept
from tests.support.checking import check_paths
from tests.support.command import GOOD, LONG, uclint
from tests.support.wild import own_plan, wild
from validator import Limits, UclintError
from validator.engine.compile.selection import Selection
from validator.engine.count.profile_json import SavedProfile, _digest
from validator.render import FORMATS, renderer
from validator.render.terminal_style import Style
from validator.report import judge_report
from validator.report.baseline import Baseline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from validator import Report

Way = tuple[str | int, ...]

# What may stand where something else should.
ODD: list[Any] = [
    *(None, True, -1, 0, 1, 2, 10**18, 2**63, 10**400, 1.5, float("inf"), float("nan")),
    *("", "nosuch", "string", "error", "IN501", "IN501 /a", "ZZ999", "track", "\ud800", "/a/b", "~", "a" * 300),
    *("[1", "{}", "[]", '["x"]', "1e999", "9" * 5_000, "enum\n[1]", "x\n[]", 'x\n["","type","",null,"nosuch","",[]]'),
    *([], {}, [1], ["a", "b"], {"a": 1}, [[]]),
]


@cache
def profiles() -> list[tuple[str, dict[str, Any]]]:
    """Profiles that have something of everything, and how they were made."""
    few = CATALOG.find("acquire-paid-subscriptions")[:1]
    common: dict[str, Any] = {"use_cases": few, "policy": ALL, "plans": [own_plan(5, closed=True)]}
    made = [
        common | {"limits": Limits(deviations=3, names=2), "selection": Selection(by=("type",))},
        common,
    ]
    return [(kept([str(FLAWED), str(_wild())], **options), options) for options in made]


@cache
def _wild() -> Path:
    from pathlib import Path  # noqa: PLC0415
    from tempfile import mkdtemp  # noqa: PLC0415

    path = Path(mkdtemp(), "wild.ndjson")
    path.write_bytes(b"\n".join(wild(5, 90)))
    return path


def ways_of(value: Any, way: Way = ()) -> Iterator[Way]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in inside:
        yield (*way, key)
        yield from ways_of(member, (*way, key))


def kinds_of(value: Any) -> dict[tuple[str, ...], list[Way]]:
    """All ways into a value by what they are ways to: places in lists are alike."""
    kinds: dict[tuple[str, ...], list[Way]] = defaultdict(list)
    for way in ways_of(value):
        tuple_at = way[-1] if isinstance(way[-1], int) and way[-1] < 12 else "*"  # a list may be a tuple
        kinds[(*("*" if isinstance(key, int) else key for key in way[:-1]), str(tuple_at))].append(way)
    return kinds


def changed(text: str, way: Way, draw: random.Random) -> Any:
    """The value with something else at the end of the way."""
    value = json.loads(text)
    *above, last = way
    inside = value
    for key in above:
        inside = inside[key]
    kind = draw.random()
    if kind < 0.8:
        inside[last] = draw.choice(ODD)
    elif kind < 0.9:
        del inside[last]
    elif isinstance(inside, dict):
        inside[draw.choice([odd for odd in ODD if isinstance(odd, str)])] = inside.pop(last)
    else:
        inside.append(copy.deepcopy(inside[last]))
    return value


def rendered(report: Report) -> None:
    for form in FORMATS:
        text = renderer(form)(report, judge_report(report), Style(80, color=True, unicode=True))
        assert text.encode("utf-8", "backslashreplace")


def survives(use: Callable[[bytes], None], value: Any, way: Way) -> bool:
    """Whether it is taken for what it should be; whatever happens, nothing but a refusal is raised."""
    message = ""
    try:
        use(json.dumps(value).encode())
    except UclintError as error:
        message = str(error)
    except Exception as error:
        raise AssertionError(f"{way}: {error!r}") from error
    assert not message or message.startswith("kept.json: "), way
    return not message


@pytest.mark.no_cover
@pytest.mark.parametrize("number", [0, 1])
def test_a_profile_with_a_good_digest_is_refused_or_reported(number: int) -> None:
    text, options = profiles()[number]

    def use(data: bytes) -> None:
        saved = SavedProfile.parse(data, "kept.json")
        again: list[SavedProfile] = []
        both = [saved, SavedProfile.parse(text.encode(), "other.json")]
        rendered(check_paths([], catalog=CATALOG, saved=both, keep=again.append, **options))
        SavedProfile.parse(again[0].to_text().encode(), "kept.json")

    draw = random.Random(number)
    outcomes = []
    for ways in kinds_of(json.loads(text)).values():
        for _ in range(40 if LONG else 2):
            way = draw.choice(ways)
            if way[0] in ("sha256", "made_with"):
                continue
            value = changed(text, way, draw)
            value.pop("sha256", None)
            outcomes.append(survives(use, value | {"sha256": _digest(value)}, way))
    assert outcomes.count(False) > 100
    assert outcomes.count(True) > 10


def test_a_baseline_is_refused_or_compared() -> None:
    _, options = profiles()[1]
    report = check_paths([str(FLAWED)], catalog=CATALOG, **options)
    text = Baseline.of(report, ["a.ndjson"]).to_text()

    def use(data: bytes) -> None:
        baseline = Baseline.parse(data, "kept.json")
        rendered(baseline.compared(report, "kept.json", policy=ALL))
        Baseline.parse(baseline.renewed(report, policy=ALL)[0].to_text().encode(), "kept.json")

    draw = random.Random(7)
    outcomes = []
    for ways in kinds_of(json.loads(text)).values():
        for _ in range(400 if LONG else 20):
            way = draw.choice(ways)
            outcomes.append(survives(use, changed(text, way, draw), way))
    assert {True, False} == set(outcomes)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('"array"', '"nosuch"', "Invalid enum value 'nosuch' - at `$.deviations[0].types[0]`"),
        ('"bytes": ', '"bytes": 1' + "0" * 400, "a number in it is larger than anything that can be counted"),
        ('"bytes": ', '"bytes": 1' + "0" * 5_000, "not a profile: "),
        ('"track": ', '"nosuch": ', "Invalid enum value 'nosuch' - at `key` in `$.types`"),
        ('"framing": "ndjson"', '"framing": "x"', "'x' is no framing"),
        ('["SP303", ', '["ZZ999", ', "'ZZ999' is no rule"),
        ('["SP303", ', '["UC104", ', "'UC104' is no rule that calls break by themselves"),
    ],
)
def test_the_command_refuses_such_a_profile(before: str, after: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "calls.ndjson").write_bytes(GOOD.replace(b'"team"', b"[1]"))
    made = uclint(*CHECK, "--no-config", "calls.ndjson", "--write-profile", "p.json", cwd=tmp_path)
    assert made.returncode in (0, 1)
    text = (tmp_path / "p.json").read_text().replace(before, after)
    assert after in text
    body, _, _ = text.rpartition('"sha256"')
    try:
        digest = _digest(json.loads(body.rstrip().rstrip(",") + "}"))
    except ValueError:  # a number that Python does not read
        digest = ""
    (tmp_path / "p.json").write_text(f'{body}"sha256": "{digest}"}}')
    done = uclint(*CHECK, "--no-config", "--profile", "p.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"p.json: not a profile: " in done.stderr
    assert message.encode() in done.stderr
    assert b"rebuild it with --write-profile" in done.stderr
