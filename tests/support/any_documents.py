"""Documents cut into elements, and read as the engine reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.plain_lines import EVERY_PLACE, Dribble, count_of, program
from validator.input import documents
from validator.input.documents import Element, Elements
from validator.input.framing import is_pasted
from validator.input.stream import Stream
from validator.model import Limits
from validator.workers.sequential import read_inputs

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from validator.engine.count.profile import Profile


def elements_of(data: bytes, sizes: Sequence[int] = (1 << 20,), limit: int = 1 << 20) -> tuple[list[Element], bool]:
    """The elements, and whether the array was closed."""
    found = Elements(Dribble(data, sizes), max_element=limit, pasted=is_pasted(data))
    return list(found), found.damage is None


def read(data: bytes, sizes: Sequence[int] = (1 << 20,), limits: Limits | None = None) -> Profile:
    limits = limits or Limits(places=EVERY_PLACE)
    return read_inputs(["x"], program(), limits=limits, open_input=lambda path: Stream(path, Dribble(data, sizes)))


def lines_of(profile: Profile) -> Counter[str]:
    return count_of(profile).lines


def array(texts: Sequence[bytes], spaces: Sequence[bytes]) -> tuple[bytes, list[Element]]:
    """An array of elements with all kinds of white space about them, and what must come of it."""
    gaps = [spaces[i % len(spaces)] for i in range(2 * len(texts) + 2)]
    data, expected = gaps[0] + b"[", []
    for i, text in enumerate(texts):
        data += (b"," if i else b"") + gaps[2 * i + 1]
        expected.append(Element(len(data), data.count(b"\n") + 1, i, text))
        data += text + gaps[2 * i + 2]
    return data + b"]" + gaps[-1], expected


def stripped(elements: Sequence[Element]) -> list[Element]:
    """White space after a scalar may be part of it."""
    return [e._replace(data=e.data.rstrip() if e.data is not None else None) for e in elements]


def elements_by(data: bytes, sizes: Sequence[int], read: int) -> tuple[list[Element], bool]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "READ", read)
        return elements_of(data, sizes)
