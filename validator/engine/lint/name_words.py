"""Splits names into words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from validator.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from collections.abc import Collection

_KNOWN: Final = (
    "iOS iPadOS iPad iPhone iPod iMessage iCloud iTunes iBeacon macOS watchOS tvOS visionOS webOS eBay eBook eSIM "
    "eCommerce jQuery gRPC mTLS mParticle npm xAPI YouTube GitHub GitLab LinkedIn TikTok PayPal WhatsApp WeChat "
    "WordPress JavaScript TypeScript GraphQL OAuth OpenAI ChatGPT HubSpot AppsFlyer BigQuery PostgreSQL MySQL "
    "FaceTime CarPlay AirPods AirPlay AirDrop HomePod PlayStation QuickBooks DocuSign SendGrid ZenDesk PageRank "
    "WiFi IoT SaaS PaaS IaaS PhD"
)
KNOWN: Final = frozenset(_KNOWN.split())
"""Words with a fixed spelling: their capitals do not start a new word."""

_SMALL: Final = "a an and as at but by for from if in into nor of on onto or per than the to upon v via vs with"
SMALL: Final = frozenset(_SMALL.split())
"""Words that may be lower-case inside a Title Case name."""

_SEPARATORS: Final = LazyPattern(r"[_./:-]+")
_SPACES: Final = LazyPattern(r"[ _]+")
_HUMP: Final = LazyPattern(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[A-Z]")

# Capitals with unclear word boundaries (userIDs, iOSApp), and letters after a numeral (level2up).
_UNCLEAR: Final = LazyPattern(r"[A-Z]{2}[a-z](?![a-z])|(?<![A-Za-z])[a-z](?=[A-Z])|[0-9][a-z]")


def words_of(name: str, known: Collection[str] = KNOWN) -> list[str] | None:
    """The words of a name, as written; None if unclear.

    Args:
        name: The name.
        known: Words not to split, whatever their capitals.
    """
    if not name.isascii():
        return None
    words: list[str] = []
    spaced = " " in name  # then no other separator splits words: A/B, Node.js
    for token in filter(None, (_SPACES if spaced else _SEPARATORS).split(name)):
        if not token.isalnum():
            return None
        if token in known or token.islower() or token.isupper() or token.isdigit() or spaced:
            words.append(token)
        elif _UNCLEAR.search(token) or any(word in token for word in known if not word.islower()):
            return None
        else:
            words += _HUMP.findall(token)
    return words or None
