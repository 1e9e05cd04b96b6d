"""What an action changed in the sources and destinations of a setup, and which proof it dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.setup.checklist_messages import marked, proven
from validator.setup.state import Env, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.setup.state import Destination, Setup


def changes(before: Setup, after: Setup) -> Iterator[str]:
    """One sentence for each source and destination that was changed or removed.

    Args:
        before: The setup as it was.
        after: The setup as it is now.
    """
    for env in Env:
        for kind in ("sources", "destinations"):
            there = getattr(after.env(env), kind)
            for name, entry in getattr(before.env(env), kind).items():
                if name not in there:
                    yield f"{name} is removed from {env.value}{_dropped(entry, None)}"
                elif differences := list(_differences(entry, there[name])):
                    yield f"{name} in {env.value} is changed: {', '.join(differences)}{_dropped(entry, there[name])}"


def _differences(old: Source | Destination, new: Source | Destination) -> Iterator[str]:
    if old.type != new.type:
        yield f"of the type {new.type} (was {old.type})"
    if isinstance(old, Source) and isinstance(new, Source):
        if old.when != new.when:
            yield "another rule identifies its calls"
    elif not isinstance(old, Source) and not isinstance(new, Source):
        if set(old.sources) != set(new.sources):
            yield f"fed by {', '.join(new.sources)} (was {', '.join(old.sources)})"
        if old.integration != new.integration:
            yield f"calls name it {new.integration} (was {old.integration})"


def _dropped(old: Source | Destination, new: Source | Destination | None) -> str:
    """The proof that is gone."""
    lost = []
    if old.seen and not (new and new.seen):
        lost.append(proven(old.seen))
    if old.confirmed and not (new and new.confirmed):
        lost.append(marked("confirmed by hand", old.confirmed))
    return f"; this drops its proof: {'; '.join(lost)}" if lost else ""
