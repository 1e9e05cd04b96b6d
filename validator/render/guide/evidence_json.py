"""Evidence as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from validator.setup.evidence import Evidence, Seen


def evidence_to_json(evidence: Evidence) -> dict[str, Any]:
    """Libraries, declared sources and destinations, each with its count and times."""
    return {
        **_seen(evidence.all),
        "libraries": [
            {"library": library.name, "type": library.type, **_seen(seen)}
            for library, seen in evidence.libraries.items()
        ],
        "declared_sources": [{"source": name, **_seen(seen)} for name, seen in evidence.declared.items()],
        "destinations": [
            {"integration": name, "selected": routing.selected, "refused": routing.refused}
            for name, routing in evidence.destinations.items()
        ],
    }


def _seen(seen: Seen) -> dict[str, Any]:
    return {
        "calls": seen.calls,
        "first": seen.first and seen.first.isoformat(),
        "last": seen.last and seen.last.isoformat(),
    }
