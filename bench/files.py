"""The files that contestants read."""

from __future__ import annotations

import hashlib
import json
from argparse import ArgumentTypeError
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from samples import flaws
from samples.generate import calls, write_lines
from samples.kinds import stream
from samples.world import Dice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from samples.kinds import Stream
    from samples.truth import Truth

MB = 1_000_000
SEED = 1


class Data(NamedTuple):
    """A file to read.

    Attributes:
        path: Where it is.
        size: Bytes.
        calls: Lines.
        plan: The file of the team's own plan that its calls are made for; None where use cases are checked.
        truth: What its generator counted, where it knows of flaws.
    """

    path: Path
    size: int
    calls: int
    plan: Path | None = None
    truth: Truth | None = None


def folder(name: str) -> Path:
    """The folder of that name, made where there is none: for what an option of a command line names.

    Raises:
        ArgumentTypeError: It cannot be made.
    """
    path = Path(name)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArgumentTypeError(f"cannot make the folder {name}: {error.strerror}") from error
    return path


def described(path: Path) -> Data:
    """A file that is there already."""
    calls = size = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            size += len(block)
            calls += block.count(b"\n")
    return Data(path, size, calls)


def generated(path: Path, size: int, kind: str = "plain", **options: Any) -> Data:
    """Calls of one kind, so many bytes of them.

    Args:
        path: Where they go; the plan, if they have one, goes beside them.
        size: How many bytes.
        kind: One of `samples.kinds.KINDS`.
        options: How traffic, flawed and optional streams differ from the usual, as `samples.kinds.stream` has it.
    """
    return _streamed(path, stream(kind, SEED, **options), size=size)


def _streamed(path: Path, made: Stream, *, size: int | None = None, count: int | None = None) -> Data:
    write_lines(path, made.lines, size=size, count=count)
    plan = None
    if made.plan is not None:
        plan = path.with_suffix(".plan.json")
        plan.write_text(json.dumps(made.plan), encoding="utf-8")
    return described(path)._replace(plan=plan, truth=made.truth if made.truth.lines else None)


def proofs(folder: Path, kind: str) -> list[Data]:
    """Small files with flaws in many calls: by a team's own plan, if files of this kind have one, or by use cases."""
    if kind in ("traffic", "optional"):
        made = stream("traffic", SEED + 1, flaws=0.4)
        return [_streamed(folder / "proof-traffic.jsonl", made, count=1500)]
    return [proof(folder / f"proof-{hard}.jsonl", hard=hard) for hard in (False, True)]


def proof(path: Path, *, hard: bool = False, count: int = 1500) -> Data:
    """Few calls, of which many lack a property or carry another type: here contestants show that they count right.

    A null in a page or screen call is left out: only who looks at types can tell it from a value.
    """
    writers = Dice(SEED)
    some = islice(calls(SEED + 1, flaws=0.4, hard=hard), count)
    kept = [call for call in some if str(call.get("type")).lower() not in flaws.NATIVE or not _has_null(call)]
    texts = (flaws.encode_hard(call, writers) if hard else flaws.encode(call) for call in kept)
    path.write_bytes(b"".join(text + b"\n" for text in texts))
    return described(path)


def _has_null(call: dict[str, object]) -> bool:
    properties = call.get("properties")
    inner = properties.values() if isinstance(properties, dict) else ()
    return None in (*inner, call.get("name", ""), call.get("category", ""))


def beginning(data: Data, path: Path, size: int) -> Data:
    """The first lines of a file, about so many bytes."""
    with data.path.open("rb") as file:
        path.write_bytes(file.read(size) + file.readline())
    return described(path)._replace(plan=data.plan)


def cut_off(data: Data, path: Path, share: float) -> Data:
    """The file with this share of its lines cut off, as a crashed writer leaves them.

    The first line stays whole: it tells how the file is framed.
    """
    return _changed(data, path, share, lambda line, _: line[: len(line) * 2 // 3] + b"\n")


def dynamic(data: Data, path: Path, share: float) -> Data:
    """The file with a property that has a name of its own in this share of its calls."""
    return _changed(
        data, path, share, lambda line, i: line.replace(b'"properties":{', b'"properties":{"k%d":1,' % i, 1)
    )


def _changed(data: Data, path: Path, share: float, change: Callable[[bytes, int], bytes]) -> Data:
    dice = Dice(SEED)
    with data.path.open("rb") as source, path.open("wb") as target:
        lines: Iterable[bytes] = (
            change(line, number) if dice.chance(share) and number else line for number, line in enumerate(source)
        )
        target.writelines(lines)
    return described(path)._replace(plan=data.plan)


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
