"""Lines that are read one by one: each in its class, with its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.checking import check_stream
from validator import Limits, Policy

if TYPE_CHECKING:
    from validator import Report

pytestmark = pytest.mark.usefixtures("either_way")

CALL = b'{"type":"track","event":"Paid","userId":"u","properties":{}}'
ODD = b'{"type":"Track","event":"Paid","userId":"u"}'
BATCH = b'{"batch":[7,' + CALL + b"," + ODD + b"]}"

# The lines of a stream, and of each rule (line, byte, index in a batch) of what it finds.
STREAMS: list[tuple[list[bytes], dict[str, list[tuple[int, int, int | None]]]]] = [
    ([b"x", b"7", b"y"], {"IN501": [(1, 0, None), (3, 4, None)], "IN503": [(2, 2, None)]}),
    ([CALL, b"", b"x"], {"IN501": [(3, len(CALL) + 2, None)]}),
    ([b"", b" ", b"x" * 9, b"{"], {"IN501": [(3, 3, None), (4, 13, None)]}),
    ([ODD, b"x", ODD], {"SP302": [(1, 0, None), (3, len(ODD) + 3, None)], "IN501": [(2, len(ODD) + 1, None)]}),
    ([b"x", BATCH, b"x"], {"IN501": [(1, 0, None), (3, len(BATCH) + 3, None)], "SP302": [(2, 2, 2)]}),
]


def places(report: Report, code: str) -> list[tuple[int, int, int | None]]:
    found = sorted(place for finding in report.findings if finding.code == code for place in finding.places)
    return [(place.line, place.byte, place.position if place.position >= 0 else None) for place in found]


@pytest.mark.parametrize("end", [b"\n", b""], ids=["ended", "not ended"])
@pytest.mark.parametrize(("lines", "expected"), STREAMS, ids=[str(number) for number in range(len(STREAMS))])
def test_lines_have_their_places(
    lines: list[bytes], expected: dict[str, list[tuple[int, int, int | None]]], end: bytes
) -> None:
    report = check_stream(b"\n".join(lines) + end, [], policy=Policy.of(["IN", "SP302"]), limits=Limits(places=9))
    assert {code: places(report, code) for code in expected} == expected
    assert sum(report.lines.values()) == len(lines), json.dumps(expected)
