"""Profiles that are kept: added up, they give the report that one run over everything gives."""

from __future__ import annotations

import gzip
import json
import random
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import validator.workers.chunks as chunks_module
import validator.workers.input_tasks as tasks_module
from tests.support.checking import check_paths
from tests.support.command import GOOD, SAMPLES, uclint
from tests.support.examples import examples
from tests.support.wild import own_plan, wild
from validator import Catalog, ConfigError, Limits, PlanRule, Policy, Severity, TrackingPlan
from validator.engine.compile.selection import Selection
from validator.engine.count.profile_json import SavedProfile
from validator.engine.scan import entries
from validator.render.json import render_json
from validator.report import judge_report

if TYPE_CHECKING:
    from pathlib import Path

    from validator import Report

CATALOG = Catalog.load()
ALL = Policy.of(select=["ALL", "SP", "NM", "PV"])
CHECK = ("check", "-u", "acquire-paid-subscriptions")
FLAWED = SAMPLES / "acquire-paid-subscriptions.flawed.ndjson"
SOUND = SAMPLES / "acquire-paid-subscriptions.good.ndjson"


def text_of(report: Report) -> str:
    return render_json(report, judge_report(report))


def kept(paths: list[str], **options: Any) -> str:
    """The profile of some inputs, in its JSON form."""
    found: list[SavedProfile] = []
    check_paths(paths, catalog=CATALOG, keep=found.append, **options)
    return found[0].to_text()


@pytest.mark.no_cover
@settings(max_examples=examples(40), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(1, 10_000),
    parts=st.integers(1, 4),
    jobs=st.integers(1, 2),
    capacity=st.sampled_from([3, 4_096]),
    own=st.booleans(),
    by=st.sampled_from([(), ("type", "properties.tax"), ("day",)]),
    limits=st.sampled_from([Limits(), Limits(deviations=3, names=2, places=2), Limits(line=900, depth=4, names=0)]),
)
def test_profiles_add_up_to_what_one_run_says(
    tmp_path: Path,
    seed: int,
    parts: int,
    jobs: int,
    capacity: int,
    own: bool,
    by: tuple[str, ...],
    limits: Limits,
) -> None:
    chance = random.Random(seed)
    options: dict[str, Any] = {
        "plans": [own_plan(seed, closed=chance.random() < 0.5)] if own else [],
        "use_cases": CATALOG.use_cases[:3] if chance.random() < 0.5 or not own else None,
        "unplanned": chance.choice([None, Severity.WARNING, Severity.ERROR]),
        "policy": chance.choice([Policy(), ALL]),
        "selection": Selection(by=by, sample=chance.choice([1.0, 0.5])),
        "limits": limits,
    }
    paths = []
    for number in range(parts):
        paths.append(str(tmp_path / f"{number}.ndjson"))
        (tmp_path / f"{number}.ndjson").write_bytes(b"\n".join(wild(seed + number, chance.randrange(90))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entries, "CAPACITY", capacity)
        patch.setattr(chunks_module, "RANGE", 3_000)
        patch.setattr(tasks_module, "SMALL", 0)
        expected = check_paths(paths, catalog=CATALOG, **options)
        texts = [kept([path], jobs=jobs, **options) for path in paths[: chance.randrange(parts + 1)]]
        saved = [SavedProfile.parse(text.encode(), "saved.json") for text in texts]
        total: list[SavedProfile] = []
        rest = paths[len(texts) :]
        found = check_paths(rest, catalog=CATALOG, jobs=jobs, saved=saved, keep=total.append, **options)
        assert text_of(found) == text_of(expected)
        again = [SavedProfile.parse(total[0].to_text().encode(), "total.json")]
        assert text_of(check_paths([], catalog=CATALOG, saved=again, **options)) == text_of(expected)
    assert [one.to_text() for one in saved] == texts


def test_whatever_happens_to_a_profile_is_noticed(tmp_path: Path) -> None:
    data = kept([str(FLAWED)], limits=Limits(deviations=2)).encode()
    chance = random.Random(7)
    for at in chance.sample([at for at, byte in enumerate(data) if not bytes([byte]).isspace()], 300):
        worse = chance.choice([data[:at], data[:at] + data[at + 1 :], data[:at] + b"7" + data[at:]])
        with pytest.raises(ConfigError, match=r"^p\.json: "):
            SavedProfile.parse(worse, "p.json")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "p.json: not a profile: "),
        (b"[1]", "p.json: not a profile: it has no `profile_version` 2; rebuild it with --write-profile"),
        (b"[" * 100_000, "p.json: not a profile: "),
        (b"\xff", "p.json: not a profile: "),
        (b'{"profile_version": 3}', "p.json: profile version 3 is newer than this uclint can read; upgrade it"),
        (b'{"profile_version": 2}', "p.json: not a profile: it was changed, or cut off, after it was written"),
        (
            b'{"profile_version": 1}',
            (
                "p.json: not a profile: it has profile version 1, which counted combinations; version 2 counts "
                "deviations; rebuild it with --write-profile"
            ),
        ),
    ],
)
def test_what_is_no_profile_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        SavedProfile.parse(data, "p.json")
    assert str(caught.value).startswith(message)


def test_names_that_are_no_unicode_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "odd.ndjson"
    path.write_bytes(rb'{"type":"track","event":"\ud800","messageId":"\udfff","properties":{"\ud801":1}}' + b"\n")
    options: dict[str, Any] = {"policy": ALL, "selection": Selection(by=("event",))}
    text = kept([str(path)], **options)
    assert text.isascii()
    found = check_paths([], catalog=CATALOG, saved=[SavedProfile.parse(text.encode(), "p.json")], **options)
    assert text_of(found) == text_of(check_paths([str(path)], catalog=CATALOG, **options))


def test_the_form_is_as_its_schema_says() -> None:
    schema = json.loads((SAMPLES.parent / "schemas" / "profile.schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    for options in ({}, {"limits": Limits(deviations=2), "policy": ALL, "selection": Selection(by=("type",))}):
        jsonschema.validate(json.loads(kept([str(FLAWED)], **options)), schema)


# ------------------------------------------------------------------------------------------------------- the command


def test_days_are_kept_and_added_up(tmp_path: Path) -> None:
    (tmp_path / "mon.ndjson.gz").write_bytes(gzip.compress(FLAWED.read_bytes()))
    (tmp_path / "tue.ndjson").write_bytes(SOUND.read_bytes())
    (tmp_path / "wed.ndjson").write_bytes(FLAWED.read_bytes()[:5000])
    for day in ("mon.ndjson.gz", "tue.ndjson"):
        assert uclint(*CHECK, day, "--write-profile", f"{day[:3]}.json", cwd=tmp_path).returncode in (0, 1)
    whole = uclint(*CHECK, "mon.ndjson.gz", "tue.ndjson", "wed.ndjson", "--format", "json", cwd=tmp_path)
    both = ("--profile", "mon.json", "--profile", "tue.json")
    done = uclint(*CHECK, *both, "wed.ndjson", "--format", "json", "--write-profile", "all.json", cwd=tmp_path)
    assert done.returncode == whole.returncode == 1
    assert done.stdout == whole.stdout
    assert uclint(*CHECK, "--profile", "all.json", "--format", "json", cwd=tmp_path).stdout == whole.stdout


def test_what_is_named_in_the_configuration_is_not_read_beside_profiles(tmp_path: Path) -> None:
    (tmp_path / "uclint.toml").write_text(f'use-cases = ["acquire-paid-subscriptions"]\ninputs = ["{SOUND}"]')
    assert uclint("check", "--write-profile", "p.json", cwd=tmp_path).returncode == 0
    done = uclint("check", "--profile", "p.json", "--format", "json", cwd=tmp_path)
    assert len(json.loads(done.stdout)["inputs"]) == 1


def test_an_interrupted_run_stays_partial(tmp_path: Path) -> None:
    (tmp_path / "cut.gz").write_bytes(gzip.compress(FLAWED.read_bytes())[:-200])
    assert uclint(*CHECK, "cut.gz", "nothing", "--write-profile", "p.json", cwd=tmp_path).returncode == 2
    done = uclint(*CHECK, "--profile", "p.json", "--format", "json", cwd=tmp_path)
    assert done.returncode == 3
    assert json.loads(done.stdout)["partial"] is True


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (["-u", "mitigate-cart-abandonment"], "plan personalize-first-conversion/acquire-paid-subscriptions"),
        (["--ignore", "TP202"], "rules, their severities or conventions"),
        (["--property-case", "camel"], "rules, their severities or conventions"),
        (["--by", "type"], "which calls are judged, or --by"),
        (["--type", "track"], "which calls are judged, or --by"),
        (["--max-depth", "9"], "limits"),
        (["--plan", str(SAMPLES / "plans" / "shop.json")], "plan "),
    ],
)
def test_a_profile_of_something_else_is_refused(changed: list[str], message: str, tmp_path: Path) -> None:
    uclint(*CHECK, SOUND, "--write-profile", "p.json", cwd=tmp_path)
    check = ("check",) if "-u" in changed else CHECK
    done = uclint(*check, *changed, "--profile", "p.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"p.json was made with different plans or options (" in done.stderr
    assert message.encode() in done.stderr
    assert (
        uclint(*CHECK, "--profile", "p.json", "--max-places", "1", "--fail-on", "never", cwd=tmp_path).returncode == 0
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--profile", "none.json"], "cannot read the profile none.json: No such file or directory; write it with"),
        (["--profile", "p.json", "--valid", "v"], "--profile and --valid do not go together"),
        (["--profile", "p.json", "--limit", "0"], "--profile and --limit do not go together"),
        (["--write-profile", ""], "--write-profile was given an empty name"),
        (["--write-profile", "q.json", "--limit", "3"], "--write-profile and --limit do not go together"),
        (["--profile", "p.json", "--write-profile", "p.json"], "p.json is read and cannot be written as well"),
        (["-", "--write-profile", "q.json", "-o", "q.json"], "two outputs would go to q.json"),
        (["--watch", "--write-profile", "q.json"], "leave out --write-profile"),
    ],
)
def test_what_does_not_go_together(options: list[str], message: str, tmp_path: Path) -> None:
    uclint(*CHECK, SOUND, "--write-profile", "p.json", cwd=tmp_path)
    done = uclint(*CHECK, *options, stdin=GOOD, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message.encode() in done.stderr


def test_a_profile_that_cannot_be_written_costs_no_report(tmp_path: Path) -> None:
    done = uclint(*CHECK, SOUND, "--write-profile", "no/p.json", cwd=tmp_path)
    assert done.returncode == 2
    assert b"PASS" in done.stdout
    assert b"no/p.json" in done.stderr


def test_what_would_count_twice_is_reported(tmp_path: Path) -> None:
    (tmp_path / "tue.ndjson").write_bytes(SOUND.read_bytes())
    uclint(*CHECK, "tue.ndjson", "--write-profile", "p.json", cwd=tmp_path)
    (tmp_path / "q.json").write_bytes((tmp_path / "p.json").read_bytes())
    done = uclint(*CHECK, "--profile", "p.json", "--profile", "q.json", "--format", "json", cwd=tmp_path)
    assert json.loads(done.stdout)["calls"]["total"] == 40
    assert b"q.json is named more than once; added once" in done.stderr
    done = uclint(*CHECK, "--profile", "p.json", "tue.ndjson", "--write-profile", "r.json", cwd=tmp_path)
    assert b"tue.ndjson is in p.json too: its calls count twice if it is the same file" in done.stderr
    done = uclint(*CHECK, "--profile", "p.json", "--profile", "r.json", cwd=tmp_path)
    assert b"tue.ndjson is in r.json and in an earlier profile" in done.stderr


def test_a_profile_is_read_with_the_same_plans_in_another_order(tmp_path: Path) -> None:
    """What is invalid for one of them stays invalid for this one."""
    schemas = {name: {"properties": {"properties": {"required": need}}} for name, need in (("a", ["x"]), ("b", []))}
    plans = [TrackingPlan(name, name, (PlanRule("TRACK", "Paid", schema),)) for name, schema in schemas.items()]
    path = tmp_path / "calls.ndjson"
    path.write_bytes(b'{"type":"track","event":"Paid","properties":{}}\n' * 3)
    saved: list[SavedProfile] = []
    check_paths([str(path)], plans=plans, keep=saved.append)
    for order in (plans, plans[::-1]):
        found = check_paths([], plans=order, saved=saved)
        assert {plan.plan: (plan.valid, plan.invalid) for plan in found.plans} == {"a": (0, 3), "b": (3, 0)}


def test_the_order_of_plans_does_not_matter(tmp_path: Path) -> None:
    for name in "ab":
        rule = {"type": "TRACK", "key": name, "version": 1, "jsonSchema": {"type": "object"}}
        (tmp_path / f"{name}.json").write_text(json.dumps({"name": name, "rules": [rule]}))
    uclint("check", SOUND, "--plan", "a.json", "--plan", "b.json", "--write-profile", "p.json", cwd=tmp_path)
    done = uclint("check", "--profile", "p.json", "--plan", "b.json", "--plan", "a.json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
