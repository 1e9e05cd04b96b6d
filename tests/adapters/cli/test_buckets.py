"""The command on objects in buckets: a real server of objects, and what can happen on the way."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from signal import Signals
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.bucket_traffic import traffic
from tests.support.command import command, environment, uclint
from tests.support.object_server import Fault, FaultyServer, ObjectServer, s3_error, serve_objects
from tests.support.table_files import write
from tests.support.wild import wild

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

pytestmark = pytest.mark.xdist_group("buckets")
SECRETS = re.compile(rb"AKIAEXAMPLE|s3cr3t-key|X-Amz-|Authorization")

server = pytest.fixture(scope="module")(serve_objects)


@pytest.fixture
def faulty(server: ObjectServer) -> Iterator[FaultyServer]:
    """A server that fails as it is told to."""
    found = FaultyServer(server)
    yield found
    found.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, server: ObjectServer) -> Path:
    """The folder `logs`, and the same as a bucket."""
    root = tmp_path_factory.mktemp("traffic") / "logs"
    for name, data in traffic().items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    server.put_folder("logs", root)
    return root


def check(server: ObjectServer, *words: str | Path, cwd: Path | None = None) -> tuple[int, dict[str, Any], str]:
    """The exit code, the report and what is said of a check."""
    done = uclint("check", "--format", "json", "--no-config", *words, env=server.environment, cwd=cwd)
    assert not SECRETS.search(done.stdout + done.stderr)
    return done.returncode, json.loads(done.stdout or b"{}"), done.stderr.decode()


def without_inputs(report: dict[str, Any], root: str) -> str:
    """A report but for its inputs, with paths from the root."""
    return json.dumps(report | {"inputs": []}).replace(f"{root}/", "").replace(f'"{root}"', '"."')


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    "more", [(), ("--by", "@folder", "--by", "@file"), ("--exclude", "web-2"), ("--max-errors", "3000")]
)
def test_a_bucket_gives_the_report_of_the_folder(
    folder: Path, server: ObjectServer, jobs: str, more: tuple[str, ...]
) -> None:
    code, local, _ = check(server, ".", "-j1", *more, cwd=folder)
    there, found, _ = check(server, "s3://logs", "-j", jobs, *more)
    assert found["lines"]["total"] > 5_000
    assert (there, without_inputs(found, "s3://logs")) == (code, without_inputs(local, "."))
    ours = {one["path"].removeprefix("s3://logs/"): one for one in found["inputs"]}
    theirs = {one["path"]: one for one in local["inputs"]}
    if found["partial"] and "--max-errors" in more:
        return  # what was not listed has no name
    assert list(ours) == list(theirs)
    for path, one in ours.items():
        assert one | {"path": path} == theirs[path]


@pytest.mark.parametrize("pattern", ["web/*/part*.gz", "web/*", "**/late/*", "web/2024-0[3]-0?", "*/part 00*", "ios/"])
def test_a_glob_in_a_bucket_finds_what_it_finds_in_the_folder(folder: Path, server: ObjectServer, pattern: str) -> None:
    _, local, _ = check(server, pattern, cwd=folder)
    _, found, _ = check(server, f"s3://logs/{pattern}")
    assert [one["path"].removeprefix("s3://logs/") for one in found["inputs"]] == [
        one["path"] for one in local["inputs"]
    ]
    assert without_inputs(found, "s3://logs") == without_inputs(local, ".")


def test_day_folders_before_since_are_not_listed(folder: Path, server: ObjectServer) -> None:
    _, found, said = check(server, "s3://logs/web", "--since", "2024-03-04")
    assert {one["path"].split("/")[4] for one in found["inputs"]} == {"2024-03-03", "2024-03-04"}
    assert "2 day folders before --since were not read" in said


def test_names_that_overlap_are_read_once(folder: Path, server: ObjectServer) -> None:
    _, once, _ = check(server, "s3://logs/web")
    _, twice, _ = check(server, "s3://logs/web", "s3://logs/web/2024-03-01", "s3://logs/web/")
    assert twice == once


@pytest.mark.parametrize("name", ["s3://nowhere/x", "s3://logs/nothing", "s3://logs/nothing/", "s3://logs/web/*.csv"])
def test_what_is_not_there_is_a_usage_error(folder: Path, server: ObjectServer, name: str) -> None:
    code, _, said = check(server, name)
    assert code == 2
    assert f"{name}: no such object, folder or bucket" in said


def test_explain_names_a_call_in_an_object(folder: Path, server: ObjectServer) -> None:
    server.put("one", {"a b.ndjson": b'{"type":"page"}\n{"type":"track","event":"Order Completed"}\n'})
    done = uclint("explain", "s3://one/a b.ndjson:2", env=server.environment)
    assert b"s3://one/a b.ndjson:2" in done.stdout
    assert b"Order Completed" in done.stdout


def test_what_uclint_wrote_counts_as_empty(server: ObjectServer) -> None:
    server.put(
        "own", {"calls.ndjson": b'{"type":"page"}\n', "report.json": b'{"report_version": 1, "uclint": "0.1.0"}'}
    )
    _, found, said = check(server, "s3://own/")
    assert "s3://own/report.json was written by uclint, and is not read" in said
    assert [(one["path"], one["lines"]) for one in found["inputs"]] == [
        ("s3://own/calls.ndjson", 1),
        ("s3://own/report.json", 0),
    ]


@pytest.mark.parametrize("words", [("recommend",), ("plan", "add", "Order Completed", "--from")])
def test_the_other_commands_read_buckets(folder: Path, server: ObjectServer, words: tuple[str, ...]) -> None:
    there = uclint(*words, "s3://logs/ios", env=server.environment)
    here = uclint(*words, folder / "ios")
    assert there.stdout == here.stdout
    assert there.returncode == here.returncode


# ------------------------------------------------------------------------------------------------------------- outputs


def test_a_profile_is_written_to_a_bucket_and_read_there(folder: Path, server: ObjectServer) -> None:
    check(server, "s3://logs/ios", "--write-profile", "s3://logs/saved/ios.profile")
    _, summed, _ = check(server, "--profile", "s3://logs/saved/ios.profile")
    _, read, _ = check(server, "s3://logs/ios")
    assert summed["lines"] == read["lines"]
    code, _, said = check(server, "s3://logs/saved/ios.profile")
    assert code == 2
    assert "is a profile written by uclint" in said


def test_a_profile_that_would_be_read_is_refused(folder: Path, server: ObjectServer) -> None:
    code, _, said = check(server, "s3://logs/", "--write-profile", "s3://logs/web/x.profile")
    assert code == 2
    assert "is among the inputs" in said
    assert server.get("logs", "web/x.profile") is None


def test_a_profile_is_written_whole_or_not_at_all(folder: Path, server: ObjectServer, faulty: FaultyServer) -> None:
    faulty.faults = [Fault("^PUT ", 403, s3_error("AccessDenied"))]
    code, found, said = check(faulty, "s3://logs/ios", "--write-profile", "s3://logs/saved/denied.profile")
    assert code == 2
    assert "cannot write s3://logs/saved/denied.profile: access is denied (AccessDenied)" in said
    assert found["lines"]["total"]
    assert server.get("logs", "saved/denied.profile") is None


# -------------------------------------------------------------------------------------------------------------- faults


def errors_of(found: dict[str, Any]) -> Mapping[str, list[str]]:
    return {
        one["code"]: [place["path"] for place in one["places"]]
        for one in found["findings"]
        if one["code"] in ("IN506", "IN507", "IN509")
    }


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_refused_object_leaves_the_others(folder: Path, faulty: FaultyServer, jobs: str) -> None:
    faulty.faults = [Fault("^GET /logs/ios/part%20003", 403, s3_error("AccessDenied"))]
    code, found, said = check(faulty, "s3://logs/ios", "-j", jobs)
    assert (code, found["partial"]) == (3, True)
    (path,) = errors_of(found)["IN507"]
    assert path.startswith("s3://logs/ios/part 003")
    assert f"{path}: access is denied (AccessDenied)" in said
    assert [one["path"] for one in found["inputs"] if not one["complete"] and one["path"] == path]


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [
        (403, "AccessDenied", "access is denied (AccessDenied)"),
        (403, "RequestTimeTooSkewed", "the clock of this machine is wrong"),
        (403, "InvalidAccessKeyId", "the access key is unknown"),
        (403, "SignatureDoesNotMatch", "the secret key does not belong to the access key"),
        (400, "ExpiredToken", "the credentials have expired"),
        (301, "PermanentRedirect", "the bucket is in another region; set AWS_REGION"),
    ],
)
def test_a_refused_listing_is_an_input_that_cannot_be_read(
    folder: Path, faulty: FaultyServer, status: int, code: str, why: str
) -> None:
    faulty.faults = [Fault("list-type", status, s3_error(code))]
    exit_code, found, said = check(faulty, "s3://logs/ios/")
    assert (exit_code, found["partial"]) == (3, True)
    assert errors_of(found)["IN507"] == ["s3://logs/ios/"]
    assert f"s3://logs/ios/: {why}" in said


def test_throttling_is_waited_out(folder: Path, server: ObjectServer, faulty: FaultyServer) -> None:
    faulty.faults = [Fault("^GET ", 503, s3_error("SlowDown"), times=3)]
    _, found, _ = check(faulty, "s3://logs/ios")
    assert found == check(server, "s3://logs/ios")[1]


@pytest.mark.parametrize("after", [0, 1_000])
def test_a_broken_connection_is_made_again(
    folder: Path, server: ObjectServer, faulty: FaultyServer, after: int
) -> None:
    faulty.faults = [Fault("^GET /logs/ios/", after=after, times=3)]
    _, found, _ = check(faulty, "s3://logs/ios")
    assert found == check(server, "s3://logs/ios")[1]


LARGE = b"".join(b'{"type":"track","event":"Order Completed","messageId":"m-%d"}\n' % n for n in range(160_000))


@pytest.fixture(scope="module")
def large(server: ObjectServer) -> int:
    """The size of an object that is read in several parts, `s3://large/one.ndjson`."""
    server.put("large", {"one.ndjson": LARGE, "two.ndjson.gz": gzip.compress(LARGE, 0)})
    return len(LARGE)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("name", ["one.ndjson", "two.ndjson.gz"])
def test_a_large_object_is_read_in_parts(server: ObjectServer, large: int, jobs: str, name: str) -> None:
    code, found, _ = check(server, f"s3://large/{name}", "-j", jobs)
    assert (code, found["lines"]["call"]) == (0, 160_000)
    assert found["inputs"][0]["bytes"] == large


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("name", ["one.ndjson", "two.ndjson.gz"])
def test_an_object_that_breaks_for_good_is_read_up_to_there(
    server: ObjectServer, faulty: FaultyServer, large: int, jobs: str, name: str
) -> None:
    def deny() -> None:
        faulty.faults = [Fault(f"GET /large/{name}", 403, s3_error("AccessDenied"))]

    faulty.after(f"GET /large/{name}", 3, deny)
    code, found, said = check(faulty, f"s3://large/{name}", "-j", jobs)
    assert (code, found["partial"]) == (3, True)
    assert errors_of(found) == {"IN507": [f"s3://large/{name}"]}
    assert f"s3://large/{name}: access is denied (AccessDenied)" in said
    assert found["lines"]["total"] == found["inputs"][0]["lines"] < 160_000


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_object_that_changes_is_not_mixed(server: ObjectServer, faulty: FaultyServer, large: int, jobs: str) -> None:
    server.put("large", {"changes.ndjson": 3 * LARGE})
    faulty.after("GET /large/changes", 3, lambda: server.put("large", {"changes.ndjson": 3 * LARGE[::-1]}))
    code, found, said = check(faulty, "s3://large/changes.ndjson", "-j", jobs)
    assert (code, found["partial"]) == (3, True)
    assert errors_of(found) == {"IN509": ["s3://large/changes.ndjson"]}
    assert "s3://large/changes.ndjson: the object was replaced while it was read" in said
    assert not found["lines"]["malformed"]


@pytest.fixture(scope="module")
def many(server: ObjectServer) -> dict[int, str]:
    """Buckets with so many small objects; a page of a listing has 1,000."""
    names = {number: f"many-{number}" for number in (100, 1_100)}
    for number, name in names.items():
        server.put(name, {f"{n % 7}/{n:06}.ndjson": b'{"type":"page","name":"Home"}\n' for n in range(number)})
    return names


@pytest.mark.parametrize("signal", ["INT", "TERM"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_run_reports_so_far(
    server: ObjectServer, faulty: FaultyServer, large: int, jobs: str, signal: str
) -> None:
    server.put("slow", {f"{n:02}.ndjson": LARGE[:650_000] for n in range(9)})
    stalled = threading.Event()
    faulty.after("GET /slow/05", 1, lambda: stalled.wait(20))
    words = [command(), "check", "s3://slow", "-j", jobs, "--format", "json", "--no-config"]
    with subprocess.Popen(
        words, env=environment(faulty.environment), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        faulty.wait_for("GET /slow/05")
        time.sleep(1)
        process.send_signal(getattr(Signals, f"SIG{signal}"))
        out, said = process.communicate(timeout=15)
    stalled.set()
    assert process.returncode == 128 + getattr(Signals, f"SIG{signal}"), said
    found = json.loads(out)
    assert found["partial"]
    assert found["lines"]["total"] == sum(one["lines"] for one in found["inputs"])
    assert not all(one["complete"] for one in found["inputs"])


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_killed_helper_is_an_input_that_cannot_be_read(faulty: FaultyServer, many: dict[int, str], jobs: str) -> None:
    """The main process must not wait for it."""
    faulty.after("continuation", 1, lambda: _kill_helper(process.pid))
    words = [command(), "check", f"s3://{many[1_100]}", "-j", jobs, "--format", "json", "--no-config"]
    with subprocess.Popen(
        words, env=environment(faulty.environment), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        out, said = process.communicate(timeout=60)
    assert process.returncode == 3, said
    assert json.loads(out)["partial"]
    assert b"the process that reads buckets has ended" in said
    assert b"Traceback" not in said


def _kill_helper(parent: int) -> None:
    """Kills the first child of a process, which is the helper."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    os.kill(min(map(int, children)), Signals.SIGKILL)


def test_ranges_of_an_object_give_the_profile_of_the_whole(server: ObjectServer, large: int) -> None:
    """As a cluster reads it: each range in a process of its own, with what the environment says."""
    program = """
import json, pickle, sys
from validator import CheckRequest, FileRange, compile_program, merge, profile, build_report, render_json
request = CheckRequest(use_cases=["mitigate-cart-abandonment"])
program = pickle.loads(pickle.dumps(compile_program(request)))
cuts = [0, 1, 3_000_000, 3_000_001, 9_000_000, None]
parts = [profile(FileRange("s3://large/one.ndjson", a or 0, b), program) for a, b in zip(cuts, cuts[1:])]
whole = profile("s3://large/one.ndjson", program)
def shown(found): return render_json(build_report(found, program, request))
assert shown(merge(parts, program)) == shown(whole)
below = profile(["s3://large/"], program, jobs=2)
print(whole.types["track"], [one.path for one in below.inputs])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(server.environment), capture_output=True, check=False
    )
    assert done.stderr == b""
    assert done.stdout.startswith(b"160000 ['s3://large/")


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("name", ["calls.parquet", "calls.arrow"])
def test_a_table_in_a_bucket_is_read(server: ObjectServer, tmp_path: Path, jobs: str, name: str) -> None:
    pa = pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'uclint[parquet]'")
    lines = [line for line in wild(3, 20_000) if b"\r" not in line]
    write(tmp_path / name, pa.table({"raw": pa.array(lines, pa.binary())}), rows=2_000)
    server.put("tables", {name: (tmp_path / name).read_bytes()})
    _, local, _ = check(server, name, cwd=tmp_path)
    _, found, _ = check(server, f"s3://tables/{name}", "-j", jobs)
    assert without_inputs(found, "s3://tables") == without_inputs(local, ".")
    assert found["lines"]["total"] == len(lines)


def test_memory_does_not_grow_with_the_number_of_objects(server: ObjectServer, many: dict[int, str]) -> None:
    """The report names each input, which takes some hundred bytes; nothing else may be kept of one."""
    fewer, more = (peak_of_reading(server, many[number]) for number in (100, 1_100))
    assert more - fewer < 1_500_000


def peak_of_reading(server: ObjectServer, name: str) -> int:
    program = """
import resource, sys
from validator.adapters.cli import main
sys.argv = ["uclint", "check", sys.argv[1], "-j1", "-o", "/dev/null", "--fail-on", "never"]
try:
    main()
finally:
    with open("/proc/self/status") as status:
        print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, f"s3://{name}"],
        env=environment(server.environment, measured=False),
        capture_output=True,
        check=False,
    )
    return int(done.stdout) * 1024
