"""Google Cloud Storage and Azure: their own servers for tests, which `.ci/long` installs."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import shutil
import socket
import subprocess
import time
from email.utils import formatdate
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import pytest

from tests.support.bucket_traffic import traffic
from tests.support.command import uclint
from tests.support.object_server import needs_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("other-stores")

# The account that Azurite has; its key is in its manual.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


class Store(NamedTuple):
    """A running server with the traffic: the name of its bucket, and what a command needs to read it."""

    name: str
    environment: Mapping[str, str]
    options: tuple[str, ...]


@contextlib.contextmanager
def running(words: Sequence[str], port: int) -> Iterator[None]:
    """A server, once it listens; it is ended however the test ends."""
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed: .ci/long installs it")
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=quiet) as process:
        try:
            deadline = time.monotonic() + 60
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                assert process.poll() is None, f"{words[0]} has ended"
                assert time.monotonic() < deadline, f"{words[0]} does not listen"
                time.sleep(0.1)
            yield
        finally:
            process.terminate()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The traffic as files: `data/logs`."""
    root = tmp_path_factory.mktemp("traffic") / "data" / "logs"
    for original, data in traffic(40).items():
        name = original.replace("%41 é#?", "é")  # the servers for tests take other names for paths
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


@pytest.fixture(scope="module")
def google(folder: Path) -> Iterator[Store]:
    needs_cloud()
    port = free_port()
    words = ["fake-gcs-server", "-scheme", "http", "-host", "127.0.0.1", "-port", str(port), "-backend", "memory"]
    words += ["-data", str(folder.parent), "-public-host", f"127.0.0.1:{port}"]
    with running(words, port):
        yield Store("gs://logs", {}, ("--endpoint-url", f"http://127.0.0.1:{port}"))


@pytest.fixture(scope="module")
def azure(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    needs_cloud()
    port = free_port()
    words = ["azurite-blob", "--blobHost", "127.0.0.1", "--blobPort", str(port), "--silent", "--skipApiVersionCheck"]
    words += ["--location", str(tmp_path_factory.mktemp("azurite"))]
    with running(words, port):
        put_blob(port, "/logs?restype=container", b"")
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            put_blob(port, f"/logs/{path.relative_to(folder).as_posix()}", path.read_bytes())
        environment = {"AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT, "AZURE_STORAGE_ACCOUNT_KEY": KEY}
        yield Store("az://logs", environment, ("--endpoint-url", f"http://127.0.0.1:{port}/{ACCOUNT}"))


def put_blob(port: int, path: str, data: bytes) -> None:
    """A signed request, as Azure has it ("Authorize with Shared Key")."""
    where, _, query = path.partition("?")
    target = f"/{ACCOUNT}{quote(where)}"
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-08-06"}
    if not query:
        headers["x-ms-blob-type"] = "BlockBlob"
    length = str(len(data)) if data else ""
    lines = ["PUT", "", "", length, *[""] * 8, *(f"{name}:{headers[name]}" for name in sorted(headers))]
    resource = f"/{ACCOUNT}{target}" + (f"\n{query.replace('=', ':')}" if query else "")
    text = "\n".join([*lines, resource]).encode()
    signature = base64.b64encode(hmac.digest(base64.b64decode(KEY), text, hashlib.sha256)).decode()
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers["Authorization"] = f"SharedKey {ACCOUNT}:{signature}"
    connection.request("PUT", target + (f"?{query}" if query else ""), data, headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status in (201, 409), body


@pytest.fixture(params=["google", "azure"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_store_gives_the_report_of_the_folder(folder: Path, store: Store, jobs: str) -> None:
    words = ("check", "--format", "json", "--no-config")
    local = json.loads(uclint(*words, ".", cwd=folder).stdout)
    done = uclint(*words, store.name, "-j", jobs, *store.options, env=store.environment)
    found = json.loads(done.stdout)
    assert done.returncode == 3  # some of the traffic is damaged
    text = json.dumps(found | {"inputs": []}).replace(f"{store.name}/", "")
    assert json.loads(text) == local | {"inputs": []}
    assert [one["path"].removeprefix(f"{store.name}/") for one in found["inputs"]] == [
        one["path"] for one in local["inputs"]
    ]


def test_a_profile_is_written_there(folder: Path, azure: Store) -> None:
    """fake-gcs-server has no requests of the kind that the library writes with."""
    store = azure
    name = f"{store.name}/saved/all.profile"
    words = ("check", f"{store.name}/ios", *store.options)
    uclint(*words, "--write-profile", name, env=store.environment)
    done = uclint("check", "--profile", name, "--format", "json", *store.options, env=store.environment)
    assert json.loads(done.stdout)["lines"]["total"] > 100


def test_what_is_not_there_is_a_usage_error(store: Store) -> None:
    done = uclint("check", f"{store.name}/nothing", *store.options, env=store.environment)
    assert done.returncode == 2
    assert b"no such object, folder or bucket" in done.stderr


def test_a_container_that_is_not_there_is_a_usage_error(azure: Store) -> None:
    done = uclint("check", f"{azure.name}-none", *azure.options, env=azure.environment)
    assert done.returncode == 2
    assert b"no such object, folder or bucket" in done.stderr
