"""What is true of a generated stream, counted while it is made and by nothing else."""

from collections import Counter
from typing import Any, NamedTuple


class Broken(NamedTuple):
    """One way in which a call breaks the plan.

    Attributes:
        event: The event.
        property: The property concerned.
        location: Where the value at fault is in the call; the numbers of array elements are `*`.
        keyword: The keyword of JSON Schema that it breaks.
    """

    event: str
    property: str
    location: str
    keyword: str


class Truth:
    """Counts of the calls that were made so far.

    Attributes:
        lines: Lines; each is one call.
        planned: Calls of each event that the plan (or a use case) knows.
        unplanned: Track calls of other events.
        invalid: Calls of each event that break the plan.
        violations: How many calls break the plan in each way; a call counts once for each.
        missing: Calls of each (event, recommended property) that lack it; only where there is no plan.
        wrong: Calls of each (event, recommended property) that carry something else there; likewise.
    """

    def __init__(self) -> None:
        self.lines = 0
        self.planned: Counter[str] = Counter()
        self.unplanned = 0
        self.invalid: Counter[str] = Counter()
        self.violations: Counter[Broken] = Counter()
        self.missing: Counter[tuple[str, str]] = Counter()
        self.wrong: Counter[tuple[str, str]] = Counter()

    def to_json(self) -> dict[str, Any]:
        """All counts, sorted, as JSON has them."""
        return {
            "lines": self.lines,
            "planned": dict(sorted(self.planned.items())),
            "unplanned": self.unplanned,
            "invalid": dict(sorted(self.invalid.items())),
            "violations": [{**how._asdict(), "count": count} for how, count in sorted(self.violations.items())],
            "missing": {f"{event}.{name}": count for (event, name), count in sorted(self.missing.items())},
            "wrong": {f"{event}.{name}": count for (event, name), count in sorted(self.wrong.items())},
        }
