"""`python -m bench.object_server FOLDER`: a server of objects on this machine that costs little beside what reads them.

It speaks as much of S3 as reading needs: each folder in FOLDER is a bucket, each file an object. It prints its address,
and ends with its input.
"""

from __future__ import annotations

import hashlib
import os
import socketserver
import sys
import threading
import urllib.parse
from pathlib import Path

PAGE = 1_000


class Server(socketserver.ThreadingTCPServer):
    """The server."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, root: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.root = root
        self.keys = {bucket.name: _keys(bucket) for bucket in root.iterdir() if bucket.is_dir()}


def _keys(bucket: Path) -> list[str]:
    return sorted(path.relative_to(bucket).as_posix() for path in bucket.rglob("*") if path.is_file())


class Handler(socketserver.StreamRequestHandler):
    """One connection."""

    server: Server
    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Answers requests until the connection ends."""
        while line := self.rfile.readline():
            method, target, _ = line.split(b" ", 2)
            headers = {}
            while (header := self.rfile.readline()).strip():
                name, _, value = header.partition(b":")
                headers[name.lower()] = value.strip()
            path, _, query = target.decode().partition("?")
            bucket, _, key = urllib.parse.unquote(path)[1:].partition("/")
            if not key:
                self._list(bucket, dict(urllib.parse.parse_qsl(query)))
            else:
                self._object(method, self.server.root / bucket / key, headers)

    def _object(self, method: bytes, path: Path, headers: dict[bytes, bytes]) -> None:
        try:
            handle = os.open(path, os.O_RDONLY)
        except OSError:
            self._answer("404 Not Found", b"<Error><Code>NoSuchKey</Code></Error>")
            return
        try:
            status = os.fstat(handle)
            start, end, code = 0, status.st_size, "200 OK"
            if wanted := headers.get(b"range"):
                first, _, last = wanted.removeprefix(b"bytes=").partition(b"-")
                start, end, code = int(first), min(int(last) + 1, end), "206 Partial Content"
            etag = hashlib.md5(f"{status.st_ino}{status.st_mtime_ns}".encode(), usedforsecurity=False).hexdigest()
            head = (
                f'HTTP/1.1 {code}\r\nETag: "{etag}"\r\nLast-Modified: Fri, 01 Mar 2024 00:00:00 GMT\r\n'
                f"Content-Range: bytes {start}-{end - 1}/{status.st_size}\r\nContent-Length: {end - start}\r\n\r\n"
            )
            self.connection.sendall(head.encode())
            while method != b"HEAD" and start < end:
                start += os.sendfile(self.connection.fileno(), handle, start, end - start)
        finally:
            os.close(handle)

    def _list(self, bucket: str, query: dict[str, str]) -> None:
        prefix, after = query.get("prefix", ""), query.get("continuation-token") or query.get("start-after", "")
        keys = [key for key in self.server.keys.get(bucket, ()) if key.startswith(prefix) and key > after]
        folders: dict[str, None] = {}
        if "delimiter" in query:
            below = [key for key in keys if "/" in key[len(prefix) :]]
            folders = dict.fromkeys(prefix + key[len(prefix) :].partition("/")[0] + "/" for key in below)
            keys = [key for key in keys if "/" not in key[len(prefix) :]]
        page, more = keys[:PAGE], len(keys) > PAGE
        root = self.server.root / bucket
        contents = "".join(
            f"<Contents><Key>{key}</Key><Size>{(root / key).stat().st_size}</Size>"
            "<LastModified>2024-03-01T00:00:00.000Z</LastModified></Contents>"
            for key in page
        )
        prefixes = "".join(f"<CommonPrefixes><Prefix>{one}</Prefix></CommonPrefixes>" for one in folders)
        token = f"<NextContinuationToken>{page[-1]}</NextContinuationToken>" if more else ""
        text = f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{contents}{prefixes}{token}"
        self._answer("200 OK", f"{text}</ListBucketResult>".encode())

    def _answer(self, status: str, body: bytes) -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        self.connection.sendall(head.encode() + body)


if __name__ == "__main__":
    server = Server(Path(sys.argv[1]))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("http://{}:{}".format(*server.server_address[:2]), flush=True)
    sys.stdin.read()
