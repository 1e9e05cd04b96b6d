"""The samples: the bundled ones are fresh, and the generator keeps its promises."""

import gzip
import json
import subprocess
import sys
import zlib
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft7Validator

from samples import flaws, generate
from samples.bundled import USE_CASES, write_bundled
from samples.generate import calls, lines, main, write
from samples.kinds import KINDS, stream
from samples.truth import Broken
from samples.vocabulary import MOBILE_ONLY, RECOMMENDED, WEB_ONLY, WEIGHTS
from samples.world import Call, Dice
from validator import read_plan

FOLDER = Path(flaws.__file__).parent
NATIVE_PLACES = {"page_name": "name", "page_category": "category", "screen_title": "name", "screen_type": "category"}
INTEGERS = {"num_items", "step_number", "total_steps"}
NUMBERS = {"total", "revenue", "shipping", "tax", "discount", "pct_scrolled", "pct_completed", "product_price"}


@pytest.fixture
def small_pool(monkeypatch: pytest.MonkeyPatch) -> int:
    """So few lines made from scratch that most of a short file is stamped."""
    monkeypatch.setattr(generate, "POOL", 250)
    return 250


def members(packed: bytes) -> list[bytes]:
    """What each member of a gzip file holds; the packed bytes themselves differ between builds of zlib."""
    found = []
    while packed:
        reader = zlib.decompressobj(wbits=31)
        found.append(reader.decompress(packed))
        assert reader.eof
        packed = reader.unused_data
    return found


def recommended(call: Call) -> dict[str, Any]:
    """Each property recommended for the call's event, wherever the call has it; None where it has not."""
    names = RECOMMENDED.get(flaws.event_of(call), ())
    properties = call.get("properties") or {}
    native = call["type"] in flaws.NATIVE
    return {name: properties.get(name, call.get(NATIVE_PLACES.get(name, "")) if native else None) for name in names}


def fits(name: str, value: object) -> bool:
    if name == "from_background":
        return isinstance(value, bool)
    if name == "products":
        return isinstance(value, list) and all(isinstance(item, dict) for item in value)
    if name in INTEGERS:
        return type(value) is int
    return type(value) in (int, float) if name in NUMBERS else isinstance(value, str)


def test_bundled_samples_are_fresh(tmp_path: Path) -> None:
    written = write_bundled(tmp_path)
    kept = {path.name for pattern in ("*.ndjson", "*.json", "*.gz") for path in FOLDER.glob(pattern)}
    assert {path.name for path in written} == kept
    for path in written:
        new, old = path.read_bytes(), (FOLDER / path.name).read_bytes()
        if path.suffix == ".gz":
            assert members(new) == members(old), f"{path.name} is stale: python -m samples.generate --bundled"
        else:
            assert new == old, f"{path.name} is stale: python -m samples.generate --bundled"


def test_bundled_samples_are_small_and_described() -> None:
    kept = [path for path in FOLDER.iterdir() if path.suffix in (".ndjson", ".json", ".gz")]
    assert sum(path.stat().st_size for path in kept) < 300_000
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in kept if f"`{path.name}`" not in readme] == []


@pytest.mark.parametrize("use_case", USE_CASES)
def test_good_sample_lacks_nothing(use_case: str) -> None:
    made = [json.loads(line) for line in (FOLDER / f"{use_case}.good.ndjson").read_bytes().splitlines()]
    assert len(made) == 40
    assert {flaws.event_of(call) for call in made} - {"identify"} == set(USE_CASES[use_case][0])
    wrong = [(call, name) for call in made for name, value in recommended(call).items() if not fits(name, value)]
    assert wrong == []


@pytest.mark.parametrize("use_case", USE_CASES)
def test_flawed_sample_has_its_flaws(use_case: str) -> None:
    written = (FOLDER / f"{use_case}.flawed.ndjson").read_bytes().split(b"\n")[:-1]
    assert len(written) == 60
    assert written.count(b"") == 1
    made, malformed = [], 0
    for line in filter(None, written):
        try:
            made.append(json.loads(line))
        except ValueError:
            malformed += 1
    assert malformed == 1
    events, never = USE_CASES[use_case]
    seen = [flaws.event_of(call) for call in made]
    assert never not in seen
    assert set(events) - set(seen) == {never}
    assert set(seen) - set(WEIGHTS), "no near-miss name"
    values = [item for call in made if isinstance(call.get("properties"), dict) for item in recommended(call).items()]
    assert any(value is None for _, value in values)
    assert any(value is not None and not fits(name, value) for name, value in values)


def test_other_bundled_forms() -> None:
    parts = members((FOLDER / "archive.ndjson.gz").read_bytes())
    assert [part.count(b"\n") for part in parts] == [180, 120]
    archived = {flaws.event_of(json.loads(line)) for line in b"".join(parts).splitlines()}
    assert archived == set(WEIGHTS)
    copied = (FOLDER / "debugger-copy.json").read_text(encoding="utf-8").split("\n\n")
    assert [flaws.event_of(json.loads(call)) for call in copied] == ["Order Completed", "Trial Started", "Page Viewed"]
    body = json.loads((FOLDER / "batch-body.json").read_bytes())
    assert list(body) == ["batch", "context", "integrations", "sentAt", "writeKey"]
    assert body["writeKey"] == "EXAMPLE_WRITE_KEY"
    assert all(isinstance(call, dict) for call in json.loads((FOLDER / "array.json").read_bytes()))


@pytest.mark.parametrize("event", WEIGHTS)
def test_flawless_calls_carry_what_is_recommended(event: str) -> None:
    for call in islice(calls(5, events=[event]), 30):
        assert flaws.event_of(call) == event
        assert [name for name, value in recommended(call).items() if not fits(name, value)] == []
        agent = call["context"]["library"]["name"]
        assert event not in WEB_ONLY or agent == "analytics.js"
        assert event not in MOBILE_ONLY or agent in {"analytics-swift", "analytics-kotlin"}


@pytest.mark.parametrize("hard", [False, True])
def test_same_seed_same_lines(*, hard: bool) -> None:
    def first(seed: int) -> list[bytes]:
        return list(islice(lines(seed, flaws=0.3, hard=hard), 100))

    assert first(7) == first(7)
    assert first(7) != first(8)


@pytest.mark.parametrize("hard", [False, True])
def test_lines_without_flaws_are_json(*, hard: bool) -> None:
    made = [json.loads(line) for line in islice(lines(3, hard=hard), 400)]
    assert all(isinstance(call, dict) for call in made)
    assert {call["type"] for call in made} == {"track", "page", "screen", "identify", "group", "alias"}
    assert len({call["messageId"] for call in made}) == len(made)


def test_plain_lines_are_about_a_kilobyte() -> None:
    assert 900 <= sum(map(len, islice(lines(1), 1000))) / 1000 <= 1100


def test_flaws_leave_the_other_calls_as_they_are() -> None:
    pairs = list(zip(islice(calls(4), 500), calls(4, flaws=0.2), strict=False))
    different = sum(good != flawed for good, flawed in pairs)
    assert 60 <= different <= 140


@pytest.mark.parametrize("kind", flaws.KINDS)
def test_each_line_flaw_stays_one_line(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flaws, "KINDS", (kind,))
    source = calls(6, events=["Order Completed"])
    call = next(source)
    line, _ = flaws.spoiled_line(flaws.encode(call), call, source, Dice(1))
    assert b"\n" not in line
    good = {"an array", "a number", "null", "an empty object", "carriage return", "spaces around", "duplicate key"}
    good |= {"30 digits", "beyond a double", "an integer written 3.0", "batch", "too deep", "not a number"}
    if kind in good:
        json.loads(line)  # Python reads NaN, too
    else:
        with pytest.raises(ValueError, match=r"Expecting|Unterminated|Illegal|decode|Invalid"):
            json.loads(line)


@pytest.mark.parametrize("hard", [False, True])
def test_write_lands_just_above_the_size(tmp_path: Path, small_pool: int, *, hard: bool) -> None:
    path = tmp_path / "big.ndjson"
    size = 800_000
    written = write(path, size=size, seed=2, hard=hard)
    content = path.read_bytes()
    assert written == len(content)
    assert size <= written <= size * 1.01
    written_lines = content.split(b"\n")
    assert written_lines.pop() == b""
    assert len(written_lines) > 3 * small_pool
    made = [json.loads(line) for line in written_lines]
    assert len({call["messageId"] for call in made}) == len(made)
    orders = [call["properties"]["order_id"] for call in made if call.get("event") == "Order Completed"]
    assert len(set(orders)) == len(orders)


def test_write_starts_as_lines_do_and_is_the_same_again(tmp_path: Path, small_pool: int) -> None:
    count = small_pool * 5
    for name in ("one.ndjson", "two.ndjson"):
        write(tmp_path / name, count=count, seed=9, flaws=0.3)
    content = (tmp_path / "one.ndjson").read_bytes()
    assert content == (tmp_path / "two.ndjson").read_bytes()
    assert content.count(b"\n") == count
    assert content.startswith(b"".join(islice(lines(9, flaws=0.3), small_pool)))


def test_write_gzip(tmp_path: Path) -> None:
    path = tmp_path / "small.ndjson.gz"
    written = write(path, count=50, seed=3)
    assert path.read_bytes()[4:8] == b"\0\0\0\0"
    assert gzip.decompress(path.read_bytes()) == b"".join(islice(lines(3), 50))
    assert written == len(gzip.decompress(path.read_bytes()))


def test_what_cannot_be_made_is_refused_before_the_file_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "kept.ndjson"
    path.write_bytes(b"kept")
    with pytest.raises(ValueError, match="no sample calls for Order Complete;"):
        write(path, count=1, events=["Order Complete"])
    with pytest.raises(ValueError, match="either"):
        write(path, size=1, count=1)
    with pytest.raises(SystemExit) as stopped:
        main([str(path), "--use-case-events", "Nothing"])
    assert stopped.value.code == 2
    assert path.read_bytes() == b"kept"


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "out.ndjson"
    assert main([str(path), "--size", "20KB", "--seed", "4", "--use-case-events", "Signed Up", "Page Viewed"]) == 0
    assert "bytes" in capsys.readouterr().out
    assert path.stat().st_size >= 20_000
    seen = {flaws.event_of(json.loads(line)) for line in path.read_bytes().splitlines()}
    assert seen == {"Signed Up", "Page Viewed"}


def test_module_runs(tmp_path: Path) -> None:
    path = tmp_path / "out.ndjson"
    command = [sys.executable, "-m", "samples.generate", str(path), "--calls", "5"]
    subprocess.run(command, check=True, cwd=FOLDER.parent, capture_output=True)
    assert path.read_bytes() == b"".join(islice(lines(1), 5))


def violations_of(lines_made: list[bytes], plan: dict[str, Any]) -> tuple[Counter[str], Counter[Broken]]:
    """How calls break the plan, found by jsonschema-rs: invalid calls by event, and calls by what they break."""
    rules = {rule["key"]: Draft7Validator(rule["jsonSchema"]) for rule in plan["rules"]}
    invalid: Counter[str] = Counter()
    broken: Counter[Broken] = Counter()
    for line in lines_made:
        call = json.loads(line)
        found = set()
        if call["type"] == "track" and call["event"] in rules:
            for error in rules[call["event"]].iter_errors(call):
                path = ["*" if isinstance(key, int) else key for key in error.instance_path]
                name = path[1] if len(path) > 1 else error.kind.as_dict()["property"]
                found.add(Broken(call["event"], str(name), "/" + "/".join(path), error.kind.name))
        broken.update(found)
        if found:
            invalid[call["event"]] += 1
    return invalid, broken


@pytest.mark.parametrize(("kind", "flaws"), [("traffic", 0.02), ("traffic", 0.5), ("traffic", 0.0), ("optional", 0.0)])
def test_the_truth_of_a_stream_is_what_a_validator_finds(kind: str, flaws: float) -> None:
    made = stream(kind, 3, flaws=flaws)
    assert made.plan is not None
    some = list(islice(made.lines, 4000))
    invalid, broken = violations_of(some, made.plan)
    assert (invalid, broken) == (made.truth.invalid, made.truth.violations)
    assert made.truth.lines == 4000
    assert sum(made.truth.invalid.values()) == pytest.approx(flaws * made.truth.planned.total(), rel=0.3)
    if flaws == 0.5:
        keywords = {"required", "type", "enum", "pattern", "minimum", "minLength"}
        assert {how.keyword for how in broken} == keywords
        assert any("*" in how.location for how in broken)


def test_traffic_is_traffic() -> None:
    made = stream("traffic", 1)
    some = [json.loads(line) for line in islice(made.lines, 20_000)]
    track = [call for call in some if call["type"] == "track"]
    assert len(made.truth.planned) == 40
    assert len({call["messageId"] for call in some}) == len(some)
    combinations = {(call["event"], *sorted(call["properties"])) for call in track}
    assert len(combinations) > len(track) / 3
    first_keys = {next(iter(call)) for call in some}
    assert first_keys == {"timestamp", "anonymousId", "type", "integrations", "userId"}
    assert made.truth.unplanned > 0
    assert made.plan is not None
    sizes = [len(rule["jsonSchema"]["properties"]["properties"]["properties"]) for rule in made.plan["rules"]]
    assert len(sizes) == 40
    assert min(sizes) >= 6
    assert 20 < max(sizes) <= 30
    assert any(ord(letter) > 127 for call in track for letter in str(call["properties"].get("city", "")))


def test_optional_properties_are_there_in_half_of_the_calls() -> None:
    some = [json.loads(line)["properties"] for line in islice(stream("optional", 1).lines, 4000)]
    for number in range(1, 25):
        assert 0.45 < sum(f"option_{number}" in properties for properties in some) / 4000 < 0.55
    assert len({tuple(sorted(properties)) for properties in some}) > 3900


def test_every_second_call_is_flawed_in_its_own_way() -> None:
    made = stream("flawed", 1)
    flawless = stream("flawed", 1, flaws=0.0)
    some = [json.loads(line) for line in islice(made.lines, 10_000)]
    fine = [json.loads(line) for line in islice(flawless.lines, 2000)]
    assert sum(made.truth.invalid.values()) == pytest.approx(5000, rel=0.05)
    assert not flawless.truth.missing
    assert not flawless.truth.wrong
    assert [(call, name) for call in fine for name, value in recommended(call).items() if not fits(name, value)] == []
    missing: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    for call in some:
        event = flaws.event_of(call)
        for name in RECOMMENDED[event]:
            if name not in call["properties"]:
                missing[event, name] += 1
            elif not fits(name, call["properties"][name]):
                wrong[event, name] += 1
    assert (missing, wrong) == (made.truth.missing, made.truth.wrong)
    orders = [call for call in some if flaws.event_of(call) == "Order Completed"]
    ways = {tuple((name, type(value)) for name, value in call["properties"].items()) for call in orders}
    assert len(ways) > len(orders) / 4


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_the_same_again_and_other_by_seed(kind: str, small_pool: int) -> None:
    def first(seed: int) -> list[bytes]:
        return list(islice(stream(kind, seed).lines, small_pool * 2))

    assert first(7) == first(7) != first(8)


def test_a_kind_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="no kind of stream is called 'odd'; there are: plain, hard, traffic"):
        stream("odd", 1)


def test_the_command_writes_plan_and_truth_beside_the_file(tmp_path: Path) -> None:
    assert main([str(tmp_path / "some.ndjson"), "--kind", "traffic", "--calls", "50"]) == 0
    assert (tmp_path / "some.ndjson").read_bytes().count(b"\n") == 50
    assert json.loads((tmp_path / "some.truth.json").read_bytes())["lines"] == 50
    assert len(read_plan(str(tmp_path / "some.plan.json")).plan.rules) == 40
    assert main([str(tmp_path / "plain.ndjson"), "--kind", "plain", "--calls", "5"]) == 0
    assert {path.name for path in tmp_path.glob("plain.*")} == {"plain.ndjson"}
