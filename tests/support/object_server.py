"""A server of objects, as S3 is one, and one before it that fails as it is told to.

`python -m tests.support.object_server` is the first: moto, on a free port of this machine, until its input ends.
"""

from __future__ import annotations

import http.client
import logging
import re
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.support.command import ROOT, environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s3cr3t-key", "AWS_REGION": "us-east-1"}


_SCOPE = "AKIAEXAMPLE/20240101/us-east-1/s3/aws4_request"
_SIGNED = {"Authorization": f"AWS4-HMAC-SHA256 Credential={_SCOPE}, SignedHeaders=host, Signature=0"}


def needs_cloud() -> None:
    """Skips a test without what buckets are read and served with."""
    for module in ("obstore", "moto", "flask"):
        if find_spec(module) is None:
            pytest.skip(f"needs {module}: pip install 'uclint[cloud-test]'")


class ObjectServer:
    """A running server.

    Attributes:
        url: Its address.
        environment: What a command needs to read from it.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.environment = {**CREDENTIALS, "AWS_ENDPOINT_URL": url}

    def put(self, bucket: str, objects: Mapping[str, bytes]) -> None:
        """Makes a bucket, and objects in it."""
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.url).netloc)
        for path, data in (("", b""), *objects.items()):
            connection.request("PUT", urllib.parse.quote(f"/{bucket}/{path}".removesuffix("/") or "/"), data, _SIGNED)
            answer = connection.getresponse()
            answer.read()
            assert answer.status in (200, 409), (path, answer.status)
        connection.close()

    def put_folder(self, bucket: str, folder: Path) -> None:
        """Makes a bucket with all files of a folder."""
        files = (path for path in folder.rglob("*") if path.is_file())
        self.put(bucket, {path.relative_to(folder).as_posix(): path.read_bytes() for path in files})

    def get(self, bucket: str, key: str) -> bytes | None:
        """An object; None if there is none."""
        try:
            with urllib.request.urlopen(  # noqa: S310 - a server of the tests
                urllib.request.Request(f"{self.url}/{bucket}/{urllib.parse.quote(key)}", headers=_SIGNED)  # noqa: S310
            ) as answer:
                found: bytes = answer.read()
        except urllib.error.HTTPError as error:
            error.close()
            return None
        return found


def serve_objects() -> Iterator[ObjectServer]:
    """A fixture: starts a server, and ends it."""
    needs_cloud()
    words = [sys.executable, "-m", "tests.support.object_server"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        words, cwd=ROOT, env=environment(measured=False), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin
        assert process.stdout
        yield ObjectServer(process.stdout.readline().decode().strip())
        process.stdin.close()


class Fault(NamedTuple):
    """How requests fail.

    Attributes:
        path: A pattern for method, path and query.
        status: The status of the answer; 0 breaks the connection instead, after some bytes.
        body: The answer.
        after: The bytes of the real answer before the connection breaks.
        times: How many requests fail; None for all.
    """

    path: str
    status: int = 0
    body: bytes = b""
    after: int = 0
    times: int | None = None


class FaultyServer(ObjectServer):
    """Passes requests on to another server, or fails them.

    Attributes:
        faults: What fails, the first that fits.
        requests: The requests that came: method, path and query.
    """

    def __init__(self, server: ObjectServer) -> None:
        self._behind = urllib.parse.urlsplit(server.url).netloc
        self.faults: list[Fault] = []
        self.requests: list[str] = []
        self._later: list[tuple[str, list[int], Callable[[], object]]] = []
        self._failed: Counter[Fault] = Counter()
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        super().__init__(f"http://127.0.0.1:{self._http.server_port}")
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        """Ends it."""
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def after(self, path: str, requests: int, do: Callable[[], object]) -> None:
        """Has something done once when so many requests that fit have come, before the last of them is answered."""
        self._later.append((path, [requests], do))

    def wait_for(self, path: str) -> None:
        """Waits until a request that fits has come."""
        deadline = time.monotonic() + 30
        while not any(re.search(path, line) for line in self.requests):
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def fault_for(self, line: str) -> Fault | None:
        """How a request fails, if it does."""
        with self._lock:
            self.requests.append(line)
            due = []
            for pattern, left, do in self._later:
                if re.search(pattern, line):
                    left[0] -= 1
                    if left[0] == 0:
                        due.append(do)
        for do in due:
            do()
        with self._lock:
            for fault in self.faults:
                if re.search(fault.path, line) and (fault.times is None or self._failed[fault] < fault.times):
                    self._failed[fault] += 1
                    return fault
        return None

    def pass_on(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        """The answer of the server behind."""
        connection = http.client.HTTPConnection(self._behind)
        connection.request(method, path, body, {k: v for k, v in headers.items() if k.lower() != "connection"})
        return connection.getresponse()


def _handler(server: FaultyServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fault = server.fault_for(f"{self.command} {self.path}")
            if fault is not None and fault.status:
                self._answer(fault.status, {"Content-Type": "application/xml"}, fault.body)
                return
            if fault is not None and not fault.after:
                self.close_connection = True
                return
            answer = server.pass_on(self.command, self.path, body, dict(self.headers))
            data = answer.read()
            own = {k: v for k, v in answer.getheaders() if k.lower() in _KEPT}
            if self.command == "HEAD":
                own["Content-Length"] = answer.getheader("Content-Length") or "0"
            if fault is not None:
                self._answer(answer.status, own | {"Content-Length": str(len(data))}, data[: fault.after])
                self.close_connection = True
                return
            self._answer(answer.status, own, data)

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = handle_any  # noqa: N815

        def _answer(self, status: int, headers: Mapping[str, str], data: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)
            self.wfile.flush()

        def log_message(self, *_: Any) -> None: ...

    return Handler


_KEPT = frozenset(["etag", "last-modified", "content-type", "content-range", "x-amz-bucket-region"])


def s3_error(code: str) -> bytes:
    """The body of an answer of S3 that says what is wrong."""
    return f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>AKIAEXAMPLE s3cr3t-key</Message></Error>".encode()


if __name__ == "__main__":
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    print("http://{}:{}".format(*moto.get_host_and_port()), flush=True)  # noqa: T201
    sys.stdin.read()
    moto.stop()
