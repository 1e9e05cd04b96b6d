"""Objects of every sort, as archives hold them."""

from __future__ import annotations

import gzip
import sys

from tests.support.wild import wild

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def traffic(objects: int = 200, lines: int = 60) -> dict[str, bytes]:
    """Objects of every sort of line, plain, gzip and zstd, some of them damaged, in folders of folders."""
    found: dict[str, bytes] = {}
    for number in range(objects):
        text = b"\n".join(wild(number, lines)) + b"\n" * (number % 3 > 0)
        text = b"\xef\xbb\xbf" + text if number % 50 == 7 else text
        text = b"[" + b",".join([b'{"type":"track","event":"x"}'] * 9) + b"]" if number % 50 == 9 else text
        folder = ("web/2024-03-0{}", "web/2024-03-0{}/late", "web-2/{}", "ios", "")[number % 5].format(number % 4 + 1)
        name = f"{folder}/part {number:03}".lstrip("/")
        match number % 4:
            case 0:
                found[f"{name}.ndjson"] = text
            case 1:
                found[f"{name}.ndjson.gz"] = gzip.compress(text)[: -9 if number % 60 == 1 else None]
            case 2:
                found[f"{name}.ndjson.zst"] = zstd.compress(text)
            case _:
                found[f"{name} %41 é#?.gz"] = gzip.compress(text[:900]) + gzip.compress(text[900:])
    found["empty.ndjson"] = b""
    found["web/.hidden/x.ndjson"] = b"not read\n"
    return found
