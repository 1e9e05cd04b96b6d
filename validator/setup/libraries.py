"""Detects the type of source of a call from `context.library` and `context.channel`."""

from __future__ import annotations

SERVER = "Server"
"""A common type that no use case recommends."""

OTHER = "Other"

_WEBSITE = frozenset({"analytics.js", "analytics-js", "@segment/analytics-next"})
_MOBILE = frozenset(
    {
        "analytics-ios",
        "analytics-android",
        "analytics-swift",
        "analytics-kotlin",
        "analytics-react-native",
        "@segment/analytics-react-native",
        "analytics_flutter",
        "analytics-flutter",
    }
)
_SERVER = frozenset(
    {
        "analytics-python",
        "analytics-node",
        "@segment/analytics-node",
        "analytics-go",
        "analytics-java",
        "analytics-ruby",
        "analytics-php",
        "analytics-csharp",
        "analytics.net",
    }
)
_LIBRARIES = {
    **dict.fromkeys(_WEBSITE, "Website"),
    **dict.fromkeys(_MOBILE, "Mobile"),
    **dict.fromkeys(_SERVER, SERVER),
}
_CHANNELS = {"browser": "Website", "web": "Website", "client": "Website", "mobile": "Mobile", "server": SERVER}

DETECTED_BY_LIBRARY = ("Website", "Mobile")
"""The recommended types that a library identifies; the others need a rule of the user."""


def source_type(library: str | None, channel: str | None) -> str:
    """`Website`, `Mobile`, `Server`, or `Other` where neither the library nor the channel is known.

    Args:
        library: `context.library.name`.
        channel: `context.channel`, which counts where the library is unknown.
    """
    if library is not None and (known := _LIBRARIES.get(library.lower())):
        return known
    return _CHANNELS.get((channel or "").lower(), OTHER)
