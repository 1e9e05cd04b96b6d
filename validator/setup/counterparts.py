"""Suggests sources and destinations for prod that correspond to those of dev."""

from __future__ import annotations

import re
from collections import Counter
from shlex import quote
from typing import TYPE_CHECKING, Any

from validator.setup.read_setup import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from validator.setup.state import Destination, Setup, Source

_DEV = re.compile(r"(?<![A-Za-z])(?:dev(?:elopment)?)(?![A-Za-z])", re.IGNORECASE)


def prod_name(name: str, taken: Iterable[str] = ()) -> str | None:
    """A name for the counterpart of something of dev, such as `web-prod` for `web-dev`; None if it is invalid."""
    found = _DEV.sub(_prod, name)
    found = f"{name}-prod" if found == name else found
    return found if NAME.fullmatch(found) and found not in set(taken) else None


def _prod(found: re.Match[str]) -> str:
    word = found.group()
    return "PROD" if word.isupper() else "Prod" if word[0].isupper() else "prod"


def names(setup: Setup) -> list[str]:
    """All names that are taken."""
    return [name for env in (setup.dev, setup.prod) for name in (*env.sources, *env.destinations)]


def source_options(setup: Setup) -> str:
    """Options of `uclint init` that add to prod what sources dev has; empty where it has none."""
    parts = []
    for source in setup.dev.sources.values():
        name = quote(prod_name(source.name, names(setup)) or "NAME")
        parts.append(f"--source {name} {quote(source.type)}")
        parts += [f"--when {name} {quote(p)} {quote(text)}" for p, texts in source.when.items() for text in texts]
    return " ".join(parts)


def destination_options(setup: Setup) -> str:
    """Options of `uclint init` that add to prod what destinations dev has; empty where it has none."""
    parts = []
    for entry in setup.dev.destinations.values():
        name = quote(prod_name(entry.name, names(setup)) or "NAME")
        fed = ",".join(fed_in_prod(setup, entry.sources)) or "SOURCES"
        parts.append(f"--destination {name} {quote(entry.type)} {quote(fed)}")
        parts.append(f"--integration {name} {quote(entry.integration)}")
    return " ".join(parts)


def sources_to_offer(setup: Setup) -> list[Source]:
    """The sources of dev that have no counterpart in prod yet: none of that name, and fewer of the type."""
    return _to_offer(setup.dev.sources, setup.prod.sources, lambda source: source.type)


def destinations_to_offer(setup: Setup) -> list[Destination]:
    """The destinations of dev that have no counterpart in prod yet: none of that name, and fewer of the tool."""
    return _to_offer(setup.dev.destinations, setup.prod.destinations, lambda entry: (entry.type, entry.integration))


def _to_offer(dev: Mapping[str, Any], prod: Mapping[str, Any], kind: Callable[[Any], object]) -> list[Any]:
    there, offered = Counter(map(kind, prod.values())), []
    for entry in dev.values():
        if prod_name(entry.name) in prod:
            there[kind(entry)] -= 1
    for entry in dev.values():
        if prod_name(entry.name) in prod:
            continue
        if there[kind(entry)] > 0:
            there[kind(entry)] -= 1
        else:
            offered.append(entry)
    return offered


def fed_in_prod(setup: Setup, sources: Iterable[str]) -> list[str]:
    """The sources of prod that are counterparts of sources of dev: by name, else the only one of the type."""
    found: dict[str, None] = {}
    for name in sources:
        source, there = setup.dev.sources[name], setup.prod.sources
        alike = [s.name for s in there.values() if s.type == source.type]
        if (same := prod_name(name)) in there and same is not None:
            found[same] = None
        elif len(alike) == 1:
            found[alike[0]] = None
    return list(found)
