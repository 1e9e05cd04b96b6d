"""What several SDKs put around a call: each its own fields, in its own order, with its own way to write text."""

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from samples import vocabulary as words
from samples.world import Dice, Person

VARIANTS: Final = 32
"""How many envelopes of an SDK there are to draw from, before ids and times are put in."""

ORDERS: Final[dict[str, tuple[str, ...]]] = {
    "analytics.js": ("timestamp", "integrations", "userId", "anonymousId", "event", "type", "properties", "context",
                     "messageId", "originalTimestamp", "receivedAt", "sentAt", "version"),
    "analytics-swift": ("anonymousId", "context", "event", "integrations", "messageId", "originalTimestamp",
                        "properties", "receivedAt", "sentAt", "timestamp", "type", "userId", "version"),
    "analytics-kotlin": ("type", "messageId", "anonymousId", "context", "integrations", "userId", "originalTimestamp",
                         "properties", "event", "sentAt", "receivedAt", "timestamp", "version"),
    "analytics-python": ("integrations", "anonymousId", "properties", "timestamp", "context", "userId", "type",
                         "event", "messageId", "originalTimestamp", "receivedAt", "sentAt"),
    "@segment/analytics-node": ("userId", "event", "properties", "timestamp", "type", "context", "messageId",
                                "originalTimestamp", "receivedAt", "sentAt", "version"),
}  # fmt: skip
"""The fields of an archived call by SDK."""

SHARES: Final = (0.45, 0.2, 0.2, 0.08, 0.07)
"""How many of the calls each SDK sends."""

ASCII_ONLY: Final = ("analytics-python",)


class Sdk(NamedTuple):
    """An SDK.

    Attributes:
        name: Its name.
        ascii_only: Whether it writes what is beyond ASCII as escapes.
        envelopes: What stands before and after the payload (properties or traits), by call type.
    """

    name: str
    ascii_only: bool
    envelopes: dict[str, list[tuple[bytes, bytes]]]


def escaped(value: Any, *, ascii_only: bool) -> bytes:
    """JSON without spaces that a stamp can be put into: every `%` is doubled."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=ascii_only).encode().replace(b"%", b"%%")


def sdks(dice: Dice, *, only: Sequence[str] = tuple(ORDERS)) -> list[Sdk]:
    """The SDKs with their envelopes."""
    made = []
    for name in only:
        ascii_only = name in ASCII_ONLY
        drawn = [(_context(name, dice), dice.pick(words.INTEGRATIONS), dice.chance(0.5)) for _ in range(VARIANTS)]
        made.append(Sdk(name, ascii_only, {
            kind: [_envelope(name, kind, *parts, ascii_only=ascii_only) for parts in drawn]
            for kind in ("track", "page", "identify")
        }))  # fmt: skip
    return made


def _envelope(
    sdk: str, kind: str, context: dict[str, Any], integrations: dict[str, bool], known: bool, *, ascii_only: bool
) -> tuple[bytes, bytes]:
    uuid = b'"%(message)b-4a1c-8b0e-6d2f9c417e53"'
    if sdk == "analytics.js":
        uuid = b'"ajs-next-17093%(order)08d-' + uuid[1:]
    fields: dict[str, bytes] = {
        "anonymousId": b'"%(device)b"',
        "context": escaped(context, ascii_only=ascii_only),
        "event": b'"%(event)b"',
        "integrations": escaped(integrations, ascii_only=ascii_only),
        "messageId": uuid,
        "originalTimestamp": b'"%(original)b"',
        "properties": b"",
        "receivedAt": b'"%(received)b"',
        "sentAt": b'"%(sent)b"',
        "timestamp": b'"%(original)b"',
        "type": b'"' + kind.encode() + b'"',
        "userId": b'"%(user)b"' if known or "node" in sdk or kind == "identify" else b"null",
        "version": b"2",
    }
    if kind != "track":
        del fields["event"]
    names = [name for name in ORDERS[sdk] if name in fields]
    at = names.index("properties")
    before = b",".join(b'"%b":%b' % (name.encode(), fields[name]) for name in names[:at])
    after = b",".join(b'"%b":%b' % (name.encode(), fields[name]) for name in names[at + 1 :])
    payload = b"traits" if kind == "identify" else b"properties"
    return b"{" + before + b"," * bool(before) + b'"' + payload + b'":{', b"}," + after + b"}\n"


def _context(sdk: str, dice: Dice) -> dict[str, Any]:
    person = Person.drawn(dice)
    library = {"name": sdk, "version": dice.pick(("1.5.11", "1.16.3", "2.3.2", "npm:next-1.66.0"))}
    if sdk == "analytics.js":
        _, _, path, title = dice.pick(words.PAGES)
        page = {
            "path": path, "referrer": dice.pick(words.REFERRERS), "search": "", "title": f"{title} · Trail Store",
            "url": f"https://shop.example.com{path}",
        }  # fmt: skip
        context = {"ip": person.ip, "library": library, "locale": person.locale, "page": page,
                   "timezone": person.timezone, "userAgent": person.agent}  # fmt: skip
        return context | ({"campaign": dict(dice.pick(words.CAMPAIGNS))} if dice.chance(0.2) else {})
    if sdk in ("analytics-python", "@segment/analytics-node"):
        return {"library": library} | ({"ip": person.ip} if dice.chance(0.5) else {})
    ios = sdk == "analytics-swift"
    maker, model, version, width, height = (
        ("Apple", *dice.pick(words.IOS_MODELS)) if ios else dice.pick(words.ANDROID_MODELS)
    )
    return {
        "app": {"build": "412", "name": "Trail Store", "namespace": "com.example.trailstore", "version": "4.12.0"},
        "device": {"id": dice.uuid(), "manufacturer": maker, "model": model, "name": f"{person.first}: téléphone",
                   "type": "ios" if ios else "android"},
        "library": library, "locale": person.locale,
        "network": {"bluetooth": False, "cellular": dice.chance(0.4), "wifi": dice.chance(0.7)},
        "os": {"name": "iOS" if ios else "Android", "version": version},
        "screen": {"height": height, "width": width}, "timezone": person.timezone, "ip": person.ip,
    }  # fmt: skip
