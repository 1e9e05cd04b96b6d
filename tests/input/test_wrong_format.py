"""What is handed over by mistake is named by its first bytes, and what is JSON is not."""

from __future__ import annotations

import codecs

import pytest

from tests.fuzz_framing import KINDS
from tests.support.command import uclint
from validator.input.wrong_format import what_it_is

WIDE = {
    "utf-16-le": "UTF-16LE",
    "utf-16-be": "UTF-16BE",
    "utf-32-le": "UTF-32LE",
    "utf-32-be": "UTF-32BE",
}
TEXTS = [
    '{"type":"track"}',
    "[]",
    "1 ",
    '\r\n{"a":1}\n',
    '["日本","😀"]\n' * 200,
    '{"a":"' + "😀" * 600 + '"}',
    "{}\n" * 50_000,
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize(("encoding", "name"), WIDE.items())
def test_wide_characters_are_known_without_a_byte_order_mark(text: str, encoding: str, name: str) -> None:
    message = what_it_is(text.encode(encoding)[: 1 << 16])
    assert message == f"{name[:6]} without a byte order mark; convert it first: iconv -f {name} -t UTF-8"
    assert text.encode(encoding).decode(name) == text  # what the message says to do is right


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize(("encoding", "name"), WIDE.items())
def test_a_byte_order_mark_says_it_too(text: str, encoding: str, name: str) -> None:
    message = what_it_is(("\ufeff" + text).encode(encoding)[: 1 << 16])
    assert message == f"{name[:6]}; convert it first: iconv -f {name[:6]} -t UTF-8"


@pytest.mark.parametrize("text", [*TEXTS, "é", "1", "", "{", "\0", "\0\0\0\0", "a\0", '{"a":"\0\0\0"}'])
def test_utf_8_is_nothing_foreign(text: str) -> None:
    assert what_it_is(text.encode()) is None
    assert what_it_is(codecs.BOM_UTF8 + text.encode()) is None


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_of_document_is_foreign(kind: str) -> None:
    assert what_it_is(b"".join(KINDS[kind])) is None


@pytest.mark.parametrize(
    "data",
    [
        b"\0\0\0\0" * 100,
        b"\0{\xd8\0\xd8\0" * 9,  # no pair of surrogates
        b"\x01\0\x02\0" * 100,
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\x7fELF\x02\x01\x01" + bytes(9),
    ],
)
def test_zeros_alone_are_not_taken_for_wide_characters(data: bytes) -> None:
    assert what_it_is(data) is None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_the_command_names_it_and_says_what_to_do(encoding: str) -> None:
    done = uclint("check", stdin='{"type":"track"}\n'.encode(encoding))
    name = WIDE[encoding]
    assert done.returncode == 1
    assert done.stderr.decode() == (
        f"uclint: -: this looks like UTF-16 without a byte order mark; convert it first: iconv -f {name} -t UTF-8\n"
    )
