"""The explanation of one call, as text and JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from validator.model import CALL_TYPES
from validator.render.catalog import wrap_entry
from validator.render.phrases import count, input_name
from validator.render.terminal_style import PLAIN, Style, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validator.report.explanation import Broken, Explanation, RuleMet

# Plans named beside a rule.
_MOST_PLANS = 3


def explanation_text(explanation: Explanation, style: Style = PLAIN) -> str:
    """The explanation as text that fits `style.width` columns."""
    parts = [_header(explanation, style), _rules(explanation, style), _violations(explanation, style)]
    return "\n\n".join("\n".join(part) for part in map(list, parts) if part) + "\n"


def _header(explanation: Explanation, style: Style) -> Iterator[str]:
    dot = style.pick(" · ", ", ")
    where = f"{input_name(explanation.path)}:{explanation.line}"
    where += "" if explanation.index is None else f"[{explanation.index}]"
    heading = [style.paint(style.text(where), "bold")]
    if explanation.line_class.value == "call":
        heading.append(style.text(_call(explanation)))
        if explanation.message_id is not None:
            heading.append(f"message {style.text(explanation.message_id)}")
    yield from wrap(dot.join(heading), style, 2)
    if explanation.fault is not None:
        code, text = explanation.fault
        yield from wrap_entry(f"{code:<5}  " if code else "", style.text(text), style)
    yield _verdict(explanation, style)


def _call(explanation: Explanation) -> str:
    kind = explanation.type if explanation.type is not None else "untyped"
    name = "" if explanation.event is None else f' "{explanation.event}"'
    return f"{kind} call{name}"


def _verdict(explanation: Explanation, style: Style) -> str:
    if explanation.line_class.value != "call":
        return style.paint("NO CALL", "red") if explanation.fault else "NO CALL"
    warnings = len(explanation.violations) - explanation.errors
    found = [count(n, what) for n, what in ((explanation.errors, "error"), (warnings, "warning")) if n]
    verdict = style.paint("INVALID", "red") if explanation.errors else style.paint("VALID", "green")
    return f"{verdict}  {', '.join(found) or 'nothing to fix'}"


def _rules(explanation: Explanation, style: Style) -> Iterator[str]:
    if explanation.line_class.value != "call":
        return
    yield style.paint("Plan rules about it", "bold")
    for rule in explanation.rules:
        state = "broken" if rule.errors else "warned" if rule.warnings else "met"
        label = f"{state:<6}  "
        look = {"broken": "red", "warned": "yellow", "met": "green"}[state]
        first, *rest = wrap_entry(label, style.text(f"{_about(rule)}: {_plans(rule)}"), style)
        yield style.paint(state, look) + first.removeprefix(state)
        yield from rest
    if not explanation.rules:
        yield "none"
    if explanation.near:
        yield from wrap(style.text(f'Names match strictly: did you mean "{explanation.near}"?'), style, 2)
    for plan in explanation.unplanned:
        yield from wrap(style.text(f"{plan} has no rule about it."), style, 2)


def _about(rule: RuleMet) -> str:
    kind = rule.type if rule.type in CALL_TYPES else "any"
    about = f"{kind} call" if rule.key is None else f'{kind} call "{rule.key}"'
    return f"{about}, version {rule.version}"


def _plans(rule: RuleMet) -> str:
    more = len(rule.plans) - _MOST_PLANS
    return ", ".join(rule.plans[:_MOST_PLANS]) + (f" and {more} more" if more > 0 else "")


def _violations(explanation: Explanation, style: Style) -> Iterator[str]:
    if not explanation.violations:
        return
    yield style.paint("Violations", "bold")
    for number, broken in enumerate(explanation.violations):
        if number:
            yield ""
        yield from _violation(broken, style)


def _violation(broken: Broken, style: Style) -> Iterator[str]:
    violation = broken.violation
    label = f"{violation.severity:<7} {violation.code}"
    text, *rest = wrap_entry(f"{label}  ", style.text(violation.message), style)
    yield style.paint(label, "red" if violation.severity == "error" else "yellow") + text.removeprefix(label)
    yield from rest
    more = " ..." if len(broken.spots) < broken.found else ""
    details = [
        ("fix", broken.fix),
        ("at", " ".join(spot or "the call" for spot in broken.spots) + more),
        ("sent", ", ".join(broken.values)),
        ("rule", violation.keyword and f"{violation.keyword} {violation.schema_location or ''}".rstrip()),
        ("plan", " ".join(broken.sources)),
    ]
    for name, detail in details:
        if detail:
            yield from wrap_entry(f"        {name:<5}  ", style.text(detail), style)


def explanation_json(explanation: Explanation) -> str:
    """The explanation as one JSON document."""
    fault = explanation.fault
    document: dict[str, Any] = {
        "path": explanation.path,
        "line": explanation.line,
        "byte": explanation.byte,
        "index": explanation.index,
        "class": explanation.line_class.value,
        "fault": None if fault is None else {"code": fault[0] or None, "message": fault[1]},
        "valid": explanation.line_class.value == "call" and not explanation.errors,
        "type": explanation.type,
        "event": explanation.event,
        "message_id": explanation.message_id,
        "rules": [
            {
                "plans": list(rule.plans),
                "type": rule.type,
                "key": rule.key,
                "version": rule.version,
                "errors": rule.errors,
                "warnings": rule.warnings,
            }
            for rule in explanation.rules
        ],
        "unplanned": list(explanation.unplanned),
        "near": explanation.near,
        "violations": [_violation_json(broken) for broken in explanation.violations],
    }
    return json.dumps(document, indent=2) + "\n"


def _violation_json(broken: Broken) -> dict[str, Any]:
    violation = broken.violation
    return {
        "code": violation.code,
        "rule": violation.rule,
        "severity": violation.severity,
        "plans": list(violation.plans),
        "event": violation.event,
        "property": violation.property,
        "instance_location": violation.instance_location,
        "spots": list(broken.spots),
        "keyword": violation.keyword,
        "schema_location": violation.schema_location,
        "sources": list(broken.sources),
        "near": list(violation.near),
        "message": violation.message,
        "mend": broken.fix,
    } | ({"values": list(broken.values)} if broken.values else {})
