"""A cell: the calls of one full shape, until they are in the profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from validator.engine.decode import Envelope
    from validator.engine.focus import Labels
    from validator.engine.judged import Judgements, Variant
    from validator.engine.shape import Shape
    from validator.model import Place


class Places(Protocol):
    """Where the calls of a sequence start."""

    def mark(self, position: int, identity: str) -> Place:
        """The place of the call at a position, whose message id is known; quicker for many calls."""
        ...

    def at(self, position: int) -> Place:
        """The place of the call at a position."""
        ...


class Cell:
    """The calls of one full shape that are not in the profile yet.

    Attributes:
        shape: The projected shape of its calls, as far as all of them have it in common.
        name: The event name of a track call that no plan rule is about.
        faults: What lint rules find of all of its calls: codes, each with a place where one is meant.
        more: Keys of the payload that no plan knows, where anybody minds.
        minded: Whether a plan does.
        labels: The values that its calls are broken down by.
        refine: Tells what the value checks of a call find; None where there are none.
        count: Calls of which they find nothing.
        variants: Calls for each set of what they find.
        places: The first places for each such set (`()` where they find nothing).
        samples: Whether places are wanted even if the shape has enough.
        judged: What the plans say of its calls, where that is wanted for each.
    """

    __slots__ = (
        *("count", "faults", "judged", "labels", "minded", "more", "name", "places", "refine", "samples", "shape"),
        "variants",
    )

    def __init__(self, shape: Shape, name: str | None, faults: tuple[str, ...]) -> None:
        self.shape = shape
        self.name = name
        self.faults = faults
        self.more: tuple[str, ...] = ()
        self.minded = False
        self.labels: Labels = ()
        self.refine: Callable[[Envelope], Variant] | None = None
        self.count = 0
        self.variants: dict[Variant, int] = {}
        self.places: dict[Variant, list[Place]] = {}
        self.samples = False
        self.judged: Judgements | None = None

    def refined(self, found: Variant) -> Shape:
        """The projected shape of the calls of which the checks find this."""
        found = tuple(text for text in found if not _is_lint(text))
        return self.shape._replace(failed=tuple(sorted({*self.shape.failed, *found}))) if found else self.shape

    def faults_of(self, found: Variant) -> tuple[str, ...]:
        """What lint rules find of the calls of which the checks find this."""
        return (*self.faults, *(text for text in found if _is_lint(text)))


def _is_lint(text: str) -> bool:
    """Whether a lint rule found it: their codes start with a capital, and the keywords of checks never do."""
    return text[0].isupper()
