"""Reports to render: one made of everything that an event can hold, and ones of any size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from validator.engine.count.profile import InputSummary
from validator.model import CALL_TYPES, LineClass, Place, Severity, pointer
from validator.report import EventReport, Finding, PlanReport, PropertyReport, Report, TypesReport, UseCaseReport
from validator.report.model import Breakdown, Comparison, GroupFinding, GroupReport, KnownFinding, Note, Status
from validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

HOSTILE = (
    "\x1b[31mred\x1b[0m \x9b31m",
    "title \x1b]0;pwned\x07",
    "null \x00 backspace \x08 tab \t",
    "lone \ud800 and not a character \ufffe",
    "bidi \u202eevil and zero \u200bwidth",
    "lines\r\n::error::x\n\n# heading\n- item\u2028",
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "</code></li></table></style></script><script>alert(1)</script>",
    "</details><details open><summary>",
    "<!-- comment --> ]]> <?xml ?>",
    "&lt;b&gt; &amp; &#60;",
    "\"quoted\" 'single' onclick=x",
    "[click](https://evil.example/x)",
    "![image](https://evil.example/x.png)",
    "name](1) and [0](1) and {0}",
    "<https://evil.example> https://evil.example/?a=b&c=d www.evil.example",
    "mailto:a@evil.example",
    "@octocat and @org/team",
    "#1 and GH-2 and org/repo#3",
    "| a | b |",
    "a \\| b \\\\",
    "`code` ```fence``` ~~gone~~",
    "*bold* _italic_ **b** $x^2$",
    "::error file=x,line=1::boom",
    "a ::stop-commands::x of some length that makes it wrap ::set-output name=x::y",
    "100%0A::error::x %25 %3A %2C, a:b",
    "##[add-mask]x ##vso[task.complete]x ##teamcity[x]",
    "=HYPERLINK(1)",
    "+1-2;@SUM(A1)",
    " leading and trailing ",
)


# Not in their order, with gaps, and one from a clock that is wrong.
DAYS = ("2024-02-28", "2024-03-01", "2024-02-25", "2024-03-02", "2051-01-01", "2024-02-29")


def report(
    findings: Iterable[Finding],
    *,
    paths: Iterable[str] = ("calls.ndjson",),
    use_cases: tuple[UseCaseReport, ...] = (),
    plans: tuple[PlanReport, ...] = (),
) -> Report:
    """A report of these findings, sorted as reports are."""
    ordered = sorted(findings, key=lambda f: (f.severity.rank, f.code, f.event or "", f.property or ""))
    return Report(
        partial=False,
        inputs=tuple(InputSummary(path, bytes=1000, lines=10) for path in paths),
        lines={c: 10 if c is LineClass.CALL else 0 for c in LineClass},
        types={t: 10 if t == "track" else 0 for t in (*CALL_TYPES, "unknown")},
        valid=10,
        invalid=0,
        use_cases=use_cases,
        findings=tuple(ordered),
        plans=plans,
    )


def finding(
    code: str,
    event: str | None,
    property: str | None = None,  # noqa: A002
    *,
    message: str | None = None,
    severity: Severity | None = None,
    use_cases: tuple[str, ...] = (),
    plans: tuple[str, ...] = (),
    count: int = 3,
    places: tuple[Place, ...] = (Place(0, 0, -1, 1, "m-1"),),
) -> Finding:
    """A finding; its message says its names as real ones do."""
    return Finding(
        code=code,
        rule=RULES[code].name,
        severity=severity or RULES[code].severity,
        use_cases=use_cases,
        plans=plans,
        event=event,
        property=property,
        instance_location=None if property is None else pointer("properties", property),
        keyword="required",
        message=message or f"{event}: {property} is recommended, and missing in {count:,} calls.",
        count=count,
        places=places,
    )


def hostile() -> Report:
    """Everything that can be hostile is: events, properties, plans, paths and message ids."""
    properties = tuple(PropertyReport(name, 1, 1, 1) for name in HOSTILE)
    events = tuple(EventReport(name, 3, properties) for name in HOSTILE)
    use_case = UseCaseReport("goal", "case", HOSTILE[6], HOSTILE[13], events)
    other = UseCaseReport("goal", "never", HOSTILE[20], HOSTILE[13], (EventReport(HOSTILE[7], 0, properties),))
    findings = [
        *(
            finding("UC102", name, HOSTILE[-number], use_cases=(use_case.id,), places=(Place(number, 9, 0, 2, name),))
            for number, name in enumerate(HOSTILE)
        ),
        *(finding("TP202", name, name, plans=(HOSTILE[18],), severity=Severity.ERROR) for name in HOSTILE),
        *(finding("NM401", name, message=f'"{name}" is in no plan: did you mean "x"?') for name in HOSTILE),
        *(finding("SP302", None, message=f"Somewhere {name} is said.", places=()) for name in HOSTILE),
        finding("UC101", HOSTILE[7], use_cases=(other.id,), count=0, places=()),
        finding("IN501", None, message="1 line is not JSON.", count=1),
    ]
    plans = tuple(PlanReport(name, 1, 2, 3) for name in HOSTILE)
    return report(findings, paths=(*HOSTILE, "-"), use_cases=(use_case, other), plans=plans)


def breakdown(field: str, values: Iterable[str | None] = HOSTILE, *, others: bool = False) -> Breakdown:
    """A field whose values come from events, with findings about names that do."""
    groups = []
    for number, value in enumerate(values):
        event, about = HOSTILE[number % len(HOSTILE)], HOSTILE[-number % len(HOSTILE)]
        found = [GroupFinding("UC102", event, about, "/properties", None, n, Severity.WARNING) for n in range(1, 6)]
        groups.append(GroupReport(value, 9, number % 3, tuple(found[: number % 6])))
    return Breakdown(field, tuple(groups), GroupReport(None, 5, 1, ()) if others else None)


def compared(given: Report) -> Report:
    """A report as compared with a baseline: each third finding is new, grown, known; what is fixed is hostile too."""
    known = [KnownFinding(code="TP202", event=name, property=name, count=1, of=9) for name in HOSTILE]
    statuses = [list(Status)[number % 3] for number in range(len(given.findings))]
    findings = (
        replace(f, status=status, known=None if status is Status.NEW else known[0])
        for f, status in zip(given.findings, statuses, strict=True)
    )
    return replace(given, findings=tuple(findings), baseline=Comparison(HOSTILE[6], tuple(known)))


def everything() -> Report:
    """All that a report can have, and all of it hostile: a baseline, breakdowns, sources, plans with events."""
    given = compared(hostile())
    kinds = TypesReport(HOSTILE[:9], HOSTILE[9:])
    use_cases = tuple(replace(u, sources=kinds, destinations=kinds) for u in given.use_cases)
    plans = tuple(replace(p, events=HOSTILE) for p in given.plans[:3])
    days = [*DAYS, None, HOSTILE[6]]
    by = (breakdown("day", days), breakdown(HOSTILE[6], [*HOSTILE, None], others=True))
    notes = tuple(
        Note(note="a-note", message=f"What is said of {name}.", path=name, count=n) for n, name in enumerate(HOSTILE)
    )
    return replace(given, use_cases=use_cases, plans=plans, breakdowns=by, notes=notes)


def large(findings: int, *, name: int = 0, places: int = 1) -> Report:
    """So many findings, with names of so many characters and so many places each."""
    where = tuple(Place(0, n, -1, n + 1, None) for n in range(places))
    return report(
        finding("TP202" if n % 3 else "UC102", f"{n} {'<&|`@' * (name // 5)}", "x", places=where, count=places)
        for n in range(findings)
    )
