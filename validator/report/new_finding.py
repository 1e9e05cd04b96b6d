"""Makes findings, with the name and the default severity of their rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.report.model import Finding
from validator.rules import RULES

if TYPE_CHECKING:
    from validator.model import Place, Severity


def new_finding(
    code: str,
    message: str,
    count: int,
    places: tuple[Place, ...],
    *,
    severity: Severity | None = None,
    use_cases: tuple[str, ...] = (),
    plans: tuple[str, ...] = (),
    event: str | None = None,
    property: str | None = None,  # noqa: A002 - the contract's word
    instance_location: str | None = None,
    keyword: str | None = None,
    schema_location: str | None = None,
) -> Finding:
    """A finding of the rule with that code."""
    rule = RULES[code]
    return Finding(
        code=code,
        rule=rule.name,
        severity=severity or rule.severity,
        use_cases=use_cases,
        plans=plans,
        event=event,
        property=property,
        instance_location=instance_location,
        keyword=keyword,
        schema_location=schema_location,
        message=message,
        count=count,
        places=places,
    )
