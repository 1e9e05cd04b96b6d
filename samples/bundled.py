"""The samples kept in the repository: what `python -m samples.generate --bundled` writes."""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Final

from samples import flaws
from samples.generate import calls, lines
from samples.vocabulary import RECOMMENDED
from samples.world import Call, Dice

USE_CASES: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "personalize-winback": (("Page Viewed", "Page Scrolled", "Order Completed"), "Page Scrolled"),
    "mitigate-cart-abandonment": (("Checkout Started", "Order Completed"), "Checkout Started"),
    "accelerate-onboarding": (
        ("Onboarding Step Completed", "Onboarding Completed", "Signed In"),
        "Onboarding Completed",
    ),
    "acquire-paid-subscriptions": (("Trial Started", "Subscription Started"), "Subscription Started"),
}
"""For each use case its events, and the one its flawed sample never sends."""

FLAWED: Final[tuple[tuple[Callable[[Call, Dice], None], int], ...]] = (
    (flaws.missing, 12),
    (flaws.wrong_type, 9),
    (flaws.near_miss, 3),
    (flaws.odd_case, 1),
    (flaws.no_properties, 1),
    (flaws.nobody, 1),
)
"""What goes wrong in a flawed sample, and in how many of its calls."""

GOOD_CALLS: Final = 40
FLAWED_LINES: Final = 60


def _slim(source: Iterable[Call]) -> Iterator[Call]:
    """The calls without most of the envelope, to keep the repository small."""
    for call in source:
        context = call["context"]
        call["context"] = {name: context[name] for name in ("ip", "library", "locale") if name in context}
        for name in ("integrations", "originalTimestamp", "receivedAt", "sentAt", "version"):
            del call[name]
        yield call


def good(use_case: str, seed: int) -> bytes:
    """Forty calls that lack nothing the use case recommends, and among them a few identify calls."""
    events, _ = USE_CASES[use_case]
    source = calls(seed, events=[*events * 3, "identify"])
    return b"".join(flaws.encode(call) + b"\n" for call in _slim(islice(source, GOOD_CALLS)))


def flawed(use_case: str, seed: int) -> bytes:
    """Sixty lines of a stream that needs work: an event is never sent, and others are not what they should be."""
    events, never = USE_CASES[use_case]
    source = calls(seed, events=[*[name for name in events if name != never] * 8, "identify", "Button Clicked"])
    dice = Dice(seed)
    made = list(_slim(islice(source, FLAWED_LINES - 1)))
    spoilable = [call for call in made if flaws.event_of(call) in RECOMMENDED]
    order = iter(dice.shuffled(spoilable))
    for flaw, times in FLAWED:
        for call in islice(order, times):
            flaw(call, dice)
    written = [flaws.encode(call) for call in made]
    written[41] = flaws.LINE_FLAWS["cut off"](written[41], made[41])
    written.insert(23, b"")
    return b"".join(line + b"\n" for line in written)


def archive() -> bytes:
    """Three hundred calls of every kind in a gzip file of two members, as joined archive files have."""
    file = BytesIO()
    source = lines(35)
    for part in (180, 120):
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=file, mtime=0) as member:
            member.write(b"".join(islice(source, part)))
    return file.getvalue()


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def debugger_copy() -> bytes:
    """Three calls as someone copies them from the debugger."""
    source = calls(36, events=["Order Completed", "Trial Started", "Page Viewed"])
    return ("\n\n".join(_pretty(call) for call in islice(source, 3)) + "\n").encode()


def batch_body() -> bytes:
    """The body of a request to the HTTP Tracking API."""
    source = calls(33, events=["Order Completed", "Signed Up", "Subscription Started"])
    batch = list(islice(source, 4))
    for call in batch:
        for name in ("context", "integrations", "originalTimestamp", "receivedAt", "sentAt", "version"):
            del call[name]
    body = {
        "batch": batch,
        "context": {"library": {"name": "analytics-python", "version": "2.3.2"}},
        "integrations": {"All": True},
        "sentAt": "2024-03-01T08:01:00.000Z",
        "writeKey": "EXAMPLE_WRITE_KEY",
    }
    return (_pretty(body) + "\n").encode()


def array() -> bytes:
    """Calls wrapped in brackets."""
    return (_pretty(list(islice(calls(42), 6))) + "\n").encode()


def bundled() -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of every bundled sample."""
    for seed, use_case in enumerate(USE_CASES, 11):
        yield f"{use_case}.good.ndjson", good(use_case, seed)
        yield f"{use_case}.flawed.ndjson", flawed(use_case, seed + 10)
    yield "archive.ndjson.gz", archive()
    yield "debugger-copy.json", debugger_copy()
    yield "batch-body.json", batch_body()
    yield "array.json", array()


def write_bundled(folder: Path) -> list[Path]:
    """Write every bundled sample into the folder; returns the files."""
    written = []
    for name, content in bundled():
        path = folder / name
        path.write_bytes(content)
        written.append(path)
    return written
