"""What is new in every line of a big file: ids, people and times, put into lines that were made before."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from samples.world import START, Call, iso

DEVICE: Final = b"00000000-0000-4000-8000-000000000000"
USER: Final = b"usr_000000000"


class Stamp(dict[bytes, bytes | int]):
    """Values for the places of one template, and the draw they were made from.

    Attributes:
        draw: 32 random bits, the lowest of which choose the template.
    """

    __slots__ = ("draw",)
    draw: int


def stamps(
    random: Callable[[], float], *, number: int, devices: Sequence[bytes], users: Sequence[bytes]
) -> Iterator[Stamp]:
    """Stamps without end, each a little later than the one before.

    Args:
        random: Draws from 0 to 1.
        number: How many lines there were before; the next has this number plus one.
        devices: Anonymous ids to choose from.
        users: User ids to choose from.
    """
    now = START + number * 5000
    second = -1
    this = following = b""
    while True:
        number += 1
        now += 37 + int(random() * 200)
        if now // 1000 != second:
            second = now // 1000
            this, following = (iso(moment * 1000)[:-4].encode() for moment in (second, second + 1))
        draw = int(random() * 0x100000000)
        milliseconds = b"%03dZ" % (now % 1000)
        scrambled = number * 0x9E3779B97F4B & 0xFFFFFFFFFFFF
        stamp = Stamp({
            b"message": b"%08x-%04x" % (scrambled >> 16, scrambled & 0xFFFF),
            b"device": devices[(draw >> 5) % len(devices)],
            b"user": users[(draw >> 5) % len(users)],
            b"order": number,
            b"original": this + milliseconds,
            b"sent": following + milliseconds,
            b"received": following + b"%03dZ" % (draw % 1000),
        })  # fmt: skip
        stamp.draw = draw
        yield stamp


def template(text: bytes, within: Sequence[Call]) -> bytes:
    """A line, or a part of one, with places for what a stamp holds.

    Args:
        text: The line.
        within: The calls in it, whose ids and times are replaced.
    """
    text = text.replace(b"%", b"%%")

    def place(value: object, form: bytes, length: int) -> None:
        nonlocal text
        if isinstance(value, str) and len(value) == length:
            text = text.replace(value.encode(), form)

    for call in within:
        # Only the start of the id is new: the members of a batch still differ by the rest.
        message = str(call["messageId"])[-36:]
        place(message, b"%(message)b" + message[13:].encode(), 36)
        place(call.get("anonymousId"), b"%(device)b", 36)
        place(call.get("userId"), b"%(user)b", 13)
        place(call.get("originalTimestamp"), b"%(original)b", 24)
        place(call.get("timestamp"), b"%(original)b", 24)
        place(call.get("sentAt"), b"%(sent)b", 24)
        place(call.get("receivedAt"), b"%(received)b", 24)
        properties = call.get("properties")
        if isinstance(properties, dict):
            place(properties.get("order_id"), b"W-%(order)08d", 10)
    return text


def amount_places(text: bytes) -> tuple[bytes, tuple[int, int]]:
    """The template with places for new amounts, and the amounts (whole units) it had: total and revenue."""
    amounts = [0, 0]
    for index, amount in enumerate((b"total", b"revenue")):
        pattern = rb'("%b":)(\d{1,9})(?=\.)' % amount
        if found := re.search(pattern, text):
            amounts[index] = int(found[2])
            text = re.sub(pattern, rb"\1%%(%b)d" % amount, text, count=1)
    return text, (amounts[0], amounts[1])


def known_ids(calls: Sequence[Call]) -> tuple[list[bytes], list[bytes]]:
    """The devices and the users of some calls; one of each at least."""
    devices = [str(call.get("anonymousId")).encode() for call in calls]
    users = [str(call.get("userId")).encode() for call in calls]
    return [d for d in devices if len(d) == 36] or [DEVICE], [u for u in users if u.startswith(b"usr_")] or [USER]
