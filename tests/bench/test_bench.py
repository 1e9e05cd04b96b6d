"""The benchmarks run, refuse to time contestants that count differently, and keep what they measured."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from bench import corners, decompressors, files, memory, ratio_table, ratios, records, scaling, ways
from bench.__main__ import Contest, DisagreementError, main
from bench.by_hand import faults_by_hand
from bench.chart import Panel, ceiling, small_multiples
from bench.child import measure
from bench.contestants import CONTESTANTS, REFERENCE, Check, Contestant, Measured
from bench.counts import Counts, disagreements, of_truth
from bench.door import compiled, feed
from bench.libraries import uclint
from bench.plans import Plans, own_plan, plans_of, use_cases
from bench.tools import Need
from validator import LineClass

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


pytestmark = pytest.mark.no_cover

PURE = [REFERENCE, "orjson + a loop over the plans"]


def liar(by: Plans, event: str) -> Check:
    """Counts one call of an event too many, or one invalid call where a team's own plan is checked."""
    check = uclint(by)

    def lie(path: str) -> Measured:
        counts = check(path).counts
        assert counts is not None
        if by.own:
            counts["invalid"] += 1
        else:
            counts["events"][event] += 1
        return Measured(counts)

    return lie


def only(*names: str) -> list[str]:
    return [argument for name in names for argument in ("--only", name)]


@pytest.mark.parametrize("run", [main, scaling.main, memory.main])
def test_the_folder_for_big_files_is_made_or_refused_in_words(
    run: Callable[[list[str]], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit) as ended:
        run(["--folder", str(tmp_path / "file" / "in")])
    assert ended.value.code == 2
    assert f"cannot make the folder {tmp_path}/file/in: Not a directory" in capsys.readouterr().err
    assert files.folder(str(tmp_path / "new" / "in")).is_dir()


def test_a_run_is_recorded_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs = tmp_path / "page.md"
    ways = f"{records.WAYS_BEGIN}\nolder\n{records.WAYS_END}\n"
    marks = f"{records.RATIOS_BEGIN}\nolder\n{records.RATIOS_END}\n{ways}"
    docs.write_text(f"{marks}before\n{records.BEGIN}\nold\n{records.END}\nafter\n", encoding="utf-8")
    missing = Contestant("nobody", "bench.libraries:uclint", needs=(Need("program", "no-such-program", "hope"),))
    arguments = ["--size", "1", "--rounds", "1", "--kind", "plain", *only(*PURE, "nobody")]
    arguments += ["--record", "tiny", "--docs"]
    places = ["--runs", str(tmp_path / "runs"), "--docs-file", str(docs), "--folder", str(tmp_path / "big")]
    assert main([*arguments, *places], [*CONTESTANTS, missing]) == 0

    output = capsys.readouterr()
    assert REFERENCE in output.out
    assert "nobody; install it by hope" in output.err
    (path,) = (tmp_path / "runs").glob("*.json")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-tiny\.json", path.name)
    record = json.loads(path.read_bytes())
    assert {"when", "uclint", "commit", "python", "machine", "versions", "file", "plans", "rounds"} <= record.keys()
    assert {"cpu", "cores", "memory_gb", "system", "load_before"} <= record["machine"].keys()
    assert re.fullmatch("[0-9a-f]{64}", record["file"]["sha256"])
    assert record["file"]["size"] >= 1_000_000
    assert [r["name"] for r in record["results"]] == PURE
    for result in record["results"]:
        assert result["counts"] == "types"
        assert result["mb_per_second"] > 0
        assert result["peak_mb"] > 5
        assert len(result["seconds"]) == 1
    assert record["skipped"] == [{"name": "nobody", "why": "needs no-such-program"}]
    text = docs.read_text(encoding="utf-8")
    ways = f"{records.WAYS_BEGIN}\n\nNo record yet.\n\n{records.WAYS_END}\n"
    assert text.startswith(
        f"{records.RATIOS_BEGIN}\n\nNo record yet.\n\n{records.RATIOS_END}\n{ways}before\n{records.BEGIN}"
    )
    assert text.endswith(f"{records.END}\nafter\n")
    assert f"| {REFERENCE} |" in text
    assert "old" not in text


def test_no_time_is_printed_when_a_contestant_lies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lying = Contestant("liar", "tests.bench.test_bench:liar", {"event": "Signed Up"})
    arguments = ["--size", "1", "--rounds", "1", "--kind", "plain", *only("liar"), "--record", "--runs", str(tmp_path)]
    assert main(arguments, [*CONTESTANTS, lying]) == 1
    output = capsys.readouterr().out
    assert "uclint -j 1 and liar count differently" in output
    assert re.search(r"Signed Up: \d+ calls against \d+", output)
    assert "MB/s" not in output
    assert not list(tmp_path.iterdir())


def test_contestants_prove_themselves_on_every_sort_of_flaw(tmp_path: Path) -> None:
    counts = uclint(Plans(use_cases(25)))(str(files.proof(tmp_path / "proof.jsonl").path)).counts
    assert counts is not None
    assert all(counts["events"].values())
    for state in range(3):
        assert sum(bool(numbers[state]) for numbers in counts["properties"].values()) > 30


@pytest.mark.parametrize("contestant", CONTESTANTS, ids=lambda c: c.name)
def test_a_contestant_that_is_installed_agrees(contestant: Contestant, tmp_path: Path) -> None:
    if lacks := contestant.lacks():
        pytest.skip(f"needs {lacks[0].name}: {lacks[0].install}")
    data = files.proof(tmp_path / "proof.jsonl", hard=True, count=300)
    if not contestant.proof:
        data = files.generated(tmp_path / "calls.jsonl", 300_000, "hard")
    run = measure(contestant, data.path, 30)
    right = uclint(Plans(use_cases(30)))(str(data.path)).counts
    assert right is not None
    assert run.seconds > 0
    assert run.counts is None or disagreements(right, run.counts) == []


@pytest.mark.parametrize("contestant", [c for c in CONTESTANTS if c.by_own], ids=lambda c: c.name)
def test_a_contestant_that_is_installed_agrees_about_a_plan_of_ones_own(contestant: Contestant, tmp_path: Path) -> None:
    if lacks := contestant.lacks():
        pytest.skip(f"needs {lacks[0].name}: {lacks[0].install}")
    (data,) = files.proofs(tmp_path, "traffic")
    if not contestant.proof:
        data = files.generated(tmp_path / "calls.jsonl", 300_000, "optional")
    run = measure(contestant, data.path, 0, data.plan)
    assert data.truth is not None
    right = of_truth(data.truth, by_plan=True)
    assert data.plan is not None
    assert disagreements(uclint(plans_of(0, data.plan))(str(data.path)).counts or right, right) == []
    assert run.counts is None or disagreements(right, run.counts) == []


def test_a_contestant_that_cannot_count_flawed_calls_is_not_timed_on_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    careless = Contestant("careless", "tests.bench.test_bench:liar", {"event": "Signed Up"}, proof=False)
    arguments = ["--size", "1", "--rounds", "1", "--kind", "traffic", *only(REFERENCE, "careless")]
    assert main([*arguments, "--folder", str(tmp_path)], [*CONTESTANTS, careless]) == 0
    output = capsys.readouterr()
    assert "skipped: careless, which takes null for missing" in output.err
    assert "Skipped: careless (takes null for missing" in output.out
    assert careless.unfit("plain") is None


@pytest.mark.parametrize(("kind", "by_plan"), [("traffic", True), ("optional", True), ("flawed", False)])
def test_the_reference_is_compared_with_what_the_generator_knows(kind: str, by_plan: bool, tmp_path: Path) -> None:
    data = files.generated(tmp_path / "calls.jsonl", 1_000_000, kind)
    assert (data.plan is not None) == by_plan
    contest = Contest(CONTESTANTS, [], 25, tmp_path)
    contest.compare_with_truth(data)
    truth = data.truth
    assert truth is not None
    truth.invalid["Feature Used"] += 1
    truth.missing["Order Completed", "tax"] += 1
    with pytest.raises(DisagreementError, match="the generator count differently"):
        contest.compare_with_truth(data)


def test_what_is_not_written_out_by_hand_is_refused() -> None:
    (rule, *_) = [rule for rule in own_plan().rules if "Scrolled" in str(rule.key)]
    with pytest.raises(ValueError, match="not written out: maximum"):
        faults_by_hand(rule)


def test_the_ratios_are_measured_recorded_and_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["ratios", "--size", "1", "--rounds", "1", "--only", "plain", "--only", "traffic, own", "--more"]
    runs = tmp_path / "runs"
    assert main([*arguments, "--no-corners", "--record", "--runs", str(runs)]) == 0
    output = capsys.readouterr().out
    assert "| x `orjson.loads` alone | plain, 25 use cases | traffic, own plan |" in output
    assert "| 25 use cases / 1 |" in output
    (path,) = runs.glob("*-ratios.json")
    record = json.loads(path.read_bytes())
    assert all(case["ratio"] > 0 and case["lines"] > 500 for case in record["cases"])
    assert ratio_table.table(record) in output


def test_no_ratio_is_printed_of_wrong_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ratios, "feed", lambda program, data: feed(program, data[: data.rindex(b"\n", 0, -1) + 1]))
    assert ratios.main(["--size", "1", "--rounds", "1", "--only", "flawed", "--no-corners"]) == 1
    output = capsys.readouterr().out
    assert "flawed, 25: counted wrong" in output
    assert "MB/s" not in output


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("`[]` as lines", LineClass.NOT_OBJECT),
        ("numbers as lines", LineClass.NOT_OBJECT),
        ("too deep lines", LineClass.TOO_DEEP),
        ("batches with members that are no objects", LineClass.BATCH),
        ("every second line cut off", LineClass.MALFORMED),
    ],
)
def test_a_corner_is_what_it_is_called(name: str, expected: LineClass) -> None:
    data = corners.data_of(name, 20_000)
    lines = feed(compiled(Plans(use_cases(2))), data).lines
    assert lines.total() == data.count(b"\n")
    assert lines[expected] > lines.total() / 3


@pytest.mark.parametrize("name", corners.CORNERS)
def test_a_corner_is_counted_whole(name: str) -> None:
    data = corners.data_of(name, 50_000)
    assert data == corners.data_of(name, 50_000)
    assert feed(compiled(Plans(use_cases(2))), data).lines.total() == data.count(b"\n")


def test_disagreements_about_a_plan_are_found_as_far_as_both_count() -> None:
    full = Counts(events={}, properties={}, invalid=2, violations={"type": {"A.b /properties/b": 2}, "enum": {}})
    assert disagreements(full, Counts(events={}, properties={}, violations={"required": {"A.c /properties": 9}})) == []
    assert disagreements(full, Counts(events={}, properties={}, invalid=3)) == ["2 invalid calls against 3"]
    other = Counts(events={}, properties={}, violations={"enum": {"A.b /properties/b": 1}})
    assert disagreements(full, other) == ["A.b /properties/b enum: 0 calls against 1"]


def test_disagreements_are_found_at_the_grain_both_have() -> None:
    full = Counts(events={"a": 3}, properties={"a.b": [1, 1, 1]})
    keys = Counts(events={"a": 3}, properties={"a.b": [2, 1]})
    events = Counts(events={"a": 3}, properties={})
    assert disagreements(full, keys) == disagreements(full, events) == []
    assert disagreements(full, Counts(events={"a": 3}, properties={"a.b": [1, 2]})) == ["a.b: [2, 1] against [1, 2]"]
    assert disagreements(full, Counts(events={"a": 2}, properties={})) == ["a: 3 calls against 2"]
    assert disagreements(full, Counts(events={"a": 3}, properties={"a.c": [1, 1, 1]}))


def test_plans_beyond_the_catalog_differ() -> None:
    chosen = use_cases(200)
    assert len({u.id for u in chosen}) == 200
    assert chosen[:25] == use_cases(25)
    assert chosen[25].events[0].recommended != chosen[0].events[0].recommended


def test_changed_files_are_changed_as_far_as_asked(tmp_path: Path) -> None:
    base = files.generated(tmp_path / "base.jsonl", 300_000)
    half = files.cut_off(base, tmp_path / "half.jsonl", 0.5)
    keyed = files.dynamic(base, tmp_path / "keyed.jsonl", 1.0)
    assert half.calls == keyed.calls == base.calls
    broken = sum(not line.endswith(b"}") for line in half.path.read_bytes().splitlines())
    assert 0.3 < broken / base.calls < 0.7
    names = re.findall(rb'"(k\d+)":1', keyed.path.read_bytes())
    assert len(set(names)) == len(names) > base.calls / 2


def test_the_scaling_record_and_its_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scaling, "PLANS", (1, 25))
    monkeypatch.setattr(scaling, "KINDS", ("traffic", "plain"))
    monkeypatch.setattr(scaling, "OPTIONAL", (3,))
    monkeypatch.setattr(scaling, "EVENTS", (10,))
    monkeypatch.setattr(scaling, "SHARES", (0.0, 1.0))
    monkeypatch.setattr(scaling, "CORES", (2,))
    picture, runs = tmp_path / "scaling.svg", tmp_path / "runs"
    arguments = ["--size", "1", "--most", "1", "--rounds", "1", "--picture", str(picture), "--runs", str(runs)]
    monkeypatch.setattr(scaling, "SIZES", (1,))
    assert scaling.main([*arguments, "--folder", str(tmp_path)]) == 0
    (path,) = runs.glob("*-scaling.json")
    points = json.loads(path.read_bytes())["points"]
    assert [p["panel"] for p in points] == [
        *["kind"] * 2, "optional", *["flawed"] * 2, "events", *["plans"] * 2, "cores", "size",
        *["malformed"] * 2, *["dynamic"] * 2,
    ]  # fmt: skip
    assert [p["plans"] for p in points if p["panel"] in {"kind", "plans"}] == ["own", 25, 1, 25]
    assert all(p["seconds_per_100_mb"] > 0 for p in points)
    root = ElementTree.fromstring(picture.read_text(encoding="utf-8"))  # noqa: S314 - our own
    assert "Dynamic keys" in {element.text for element in root.iter()}


def test_a_chart_is_xml_whatever_its_words() -> None:
    drawn = small_multiples('a < b & "c"', "s", [Panel("<p>", "&", [("1", 0.5), ("2", 2.0)])], ["n", "<o>"])
    words = {element.text for element in ElementTree.fromstring(drawn).iter()}  # noqa: S314 - our own
    assert {'a < b & "c"', "<p>", "<o>", "&"} <= words


@pytest.mark.parametrize(("value", "top"), [(0.5, 0.6), (1.0, 2.0), (0.09, 0.2), (7.2, 10.0), (300, 400)])
def test_a_scale_has_room_above_the_highest_point(value: float, top: float) -> None:
    assert ceiling(value) == pytest.approx(top)


def test_the_page_has_the_marks_of_the_table() -> None:
    text = records.DOCS.read_text(encoding="utf-8")
    for mark in (
        records.BEGIN,
        records.END,
        records.RATIOS_BEGIN,
        records.RATIOS_END,
        records.WAYS_BEGIN,
        records.WAYS_END,
    ):
        assert text.count(mark) == 1


def test_decompressors_are_compared_and_what_they_lose(capsys: pytest.CaptureFixture[str]) -> None:
    assert decompressors.main(["--size", "1", "--rounds", "1", "--damaged", "3"]) == 0
    head, _, *rows, lost = capsys.readouterr().out.splitlines()
    assert head == "| MB/s out | zlib | zlib-ng | isal | zstd | uclint |"
    assert len(rows) == 7
    cells = lost.split("|")
    assert int(cells[2].replace(",", "")) > 0
    assert cells[-2].strip() == "0"


def test_other_ways_to_read_are_compared_with_a_plain_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs = tmp_path / "page.md"
    marks = [
        (records.RATIOS_BEGIN, records.RATIOS_END),
        (records.WAYS_BEGIN, records.WAYS_END),
        (records.BEGIN, records.END),
    ]
    docs.write_text("".join(f"{begin}\n{end}\n" for begin, end in marks), encoding="utf-8")
    places = ["--runs", str(tmp_path / "runs"), "--docs-file", str(docs)]
    assert ways.main(["--size", "1", "--rounds", "1", "--record", "--docs", *places]) == 0
    printed = capsys.readouterr().out
    for name in (*ways.WAYS, "an array", "gzip"):
        assert f"| {name} | " in printed
        assert f"| {name} | " in docs.read_text(encoding="utf-8")
