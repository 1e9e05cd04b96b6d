"""Explains one call: which plan rules it meets, which it breaks, and how to fix it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from validator.engine.compile.tables import Table
from validator.engine.decode.call import NO_PROPERTIES
from validator.engine.decode.decoder import Decoder
from validator.engine.decode.json_exact import batch_calls, message_id, parse
from validator.engine.engine import Engine
from validator.engine.judge.judge import Judge
from validator.engine.scan.exact import FactsReader
from validator.errors import UsageError
from validator.input.open_input import open_input as open_any
from validator.model import Limits, LineClass, Severity
from validator.report import finding_messages
from validator.report.call_violations import CallReader, CallViolation, value_at
from validator.report.explanation import Broken, Explanation, RuleMet
from validator.report.fixes import fix_of
from validator.service.find_call import sought
from validator.service.lines.short_value import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from validator.engine.compile.program import Program
    from validator.engine.decode.call import Call
    from validator.engine.scan.observer import ObservedLine, Verdict
    from validator.input.documents import Element
    from validator.input.lines import Block
    from validator.input.stream import Stream
    from validator.service.find_call import Target
    from validator.service.own_plans import Locate

# Violations name at most this many places.
MOST_SPOTS = 5


def explain(
    target: Target,
    program: Program,
    *,
    locate: Locate | None = None,
    show_values: bool = False,
    limits: Limits | None = None,
    open_input: Callable[[str], Stream] = open_any,
) -> Explanation:
    """Explains a call.

    Args:
        target: Which one.
        program: The compiled plans.
        locate: Finds the place of a rule in the user's own plan files.
        show_values: Whether to show values, shortened.
        limits: The longest line and the deepest nesting.
        open_input: Opens the input.

    Raises:
        UsageError: There is no such call, or several.
        OSError: The input cannot be read.
    """
    limits = limits or Limits()
    with open_input(target.path) as stream:
        record = sought(stream, target, limits.line)
    return _Explaining(program, limits, locate, show_values=show_values).of(record, target)


class _Shown:
    """An observer that keeps one line and one of its calls: the call with an index, or the only one."""

    line_shown: ObservedLine | None = None
    call: tuple[Call, Verdict] | None = None

    def __init__(self, index: int) -> None:
        self._index = index

    def begin(self, path: str) -> None: ...

    def block(self, block: Block, line: int, verdicts: Sequence[Verdict]) -> None: ...

    def blank(self, block: Block, line: int, lines: int) -> None: ...

    def line(self, line: ObservedLine, ending: bytes) -> None:  # noqa: ARG002 - the protocol
        self.line_shown = line
        for member, call, verdict in line.calls:
            if member in (-1, self._index):
                self.call = call, verdict

    def passed_over(self, piece: bytes) -> None: ...


class _Explaining:
    def __init__(self, program: Program, limits: Limits, locate: Locate | None, *, show_values: bool) -> None:
        self.program = program
        self.limits = limits
        self.locate = locate
        self.show_values = show_values
        self.reader = CallReader(program)
        self.attributes = Decoder(program.wanted, limits).attributes

    def of(self, record: Element, target: Target) -> Explanation:
        """Explains the call of a line or element."""
        observer = _Shown(target.index or 0)
        engine = Engine(self.program, self.limits, observer=observer)
        engine.elements([record])
        line = observer.line_shown
        assert line is not None  # noqa: S101 - each element is shown
        faults = [fault.code for fault in engine.finish().faults if fault.code.startswith("IN")]
        about: dict[str, Any] = {
            "path": target.path,
            "line": record.line,
            "byte": record.byte,
            "index": None if record.position < 0 else record.position,
            "line_class": line.line_class,
        }
        if line.line_class is LineClass.BATCH:
            return self.of_member(line, observer.call, target, about)
        if line.line_class is not LineClass.CALL:
            code = next(iter(faults), None)
            message = "The line is blank." if code is None else self.of_fault(code, record.data)
            return Explanation(**about, fault=(code or "", message))
        if target.index is not None and record.position < 0:
            raise UsageError(f"line {record.line} is a single call, not a batch: leave out [{target.index}]")
        assert observer.call is not None  # noqa: S101 - a call is shown with its line
        return self.of_call(parse(record.data or b"{}"), *observer.call, about)

    def of_fault(self, code: str, data: bytes | None) -> str:
        """What is wrong with the line itself, and where."""
        message = finding_messages.rejected(code)
        if code == "IN501" and data is not None:
            try:
                parse(data)
            except ValueError as error:
                message = f"{message.removesuffix('.')}: {_reason(error)}."
        return message

    def of_member(
        self, line: ObservedLine, call: tuple[Call, Verdict] | None, target: Target, about: dict[str, Any]
    ) -> Explanation:
        members = batch_calls(parse(line.text or b"{}"))
        index = 0 if target.index is None and len(members) == 1 else target.index
        place = f"{target.path}:{line.line}"
        if index is None or line.position >= 0:
            raise UsageError(f"line {line.line} is a batch of {len(members)} calls; pick one, such as {place}[0]")
        if index >= len(members):
            raise UsageError(f"line {line.line} is a batch of {len(members)} calls: there is no [{index}]")
        about["index"] = index
        if call and isinstance(members[index], dict):
            return self.of_call(members[index], *call, about)
        about["line_class"] = LineClass.NOT_OBJECT
        return Explanation(**about, fault=("IN503", finding_messages.say("IN503", case="of a member")))

    def of_call(self, call: dict[str, Any], decoded: Call, verdict: Verdict, about: dict[str, Any]) -> Explanation:
        program, kind = self.program, verdict.table.type
        name = call.get("event" if kind == "track" else "name")
        raw = call.get("type")
        near = program.near_misses.planned(name) if kind == "track" and isinstance(name, str) else None
        rules = tuple(self.met(call, decoded, verdict))
        met = {plan for rule in rules if rule.type != "common" for plan in rule.plans}
        return Explanation(
            **about | {"line_class": LineClass.CALL},
            fault=self.wrong_type_of_call(raw, kind),
            type=raw if isinstance(raw, str) else None,
            event=name if isinstance(name, str) else None,
            message_id=message_id(call),
            rules=rules,
            unplanned=tuple(plan for plan in program.own if plan not in met),
            near=near if near != name else None,
            violations=tuple(self.broken(v, call, verdict) for v in self.reader.violations(call, verdict)),
        )

    def wrong_type_of_call(self, raw: Any, kind: str) -> tuple[str, str] | None:
        code = None if raw == kind else "SP301" if kind == "unknown" else "SP302"
        return None if code is None else (code, finding_messages.rejected(code))

    def met(self, call: dict[str, Any], decoded: Call, verdict: Verdict) -> Iterator[RuleMet]:
        judge = Judge(self.program)
        table = Table(verdict.table, self.program, judge)
        facts = FactsReader(table, self.attributes).read(decoded, call.get("properties", NO_PROPERTIES))
        plans = table.rules.rules
        for rule, judgement in judge.by_rule(facts):
            found = [self.program.severity(violation.code, violation.severity) for violation in judgement.violations]
            errors, warnings = found.count(Severity.ERROR), found.count(Severity.WARNING)
            yield RuleMet(tuple(plans[rule]), rule.type, rule.key, rule.version, errors, warnings)

    def broken(self, violation: CallViolation, call: dict[str, Any], verdict: Verdict) -> Broken:
        found = self.reader.spots(violation, call, verdict)
        spots = found[:MOST_SPOTS]
        values: list[str] = []
        if self.show_values and violation.missing is None:
            values = [text for spot in spots if spot and (text := shown(value_at(call, spot))) is not None]
        planned = self.reader.fields(verdict).properties
        return Broken(
            violation,
            tuple(spots),
            len(found),
            tuple(values),
            tuple(self.sources(violation, verdict)),
            fix_of(violation, self.program, planned),
        )

    def sources(self, violation: CallViolation, verdict: Verdict) -> Iterator[str]:
        """The places in the user's own plan files of what the call breaks."""
        if self.locate is None or violation.schema_location is None:
            return
        own = set(violation.plans) & set(self.program.own)
        about = {(rule.type, rule.key, rule.version) for rule in self.program.rules_for(verdict.table).rules}
        for plan in self.program.plans:
            for number, rule in enumerate(plan.rules if plan.id in own else ()):
                if (rule.type.lower(), rule.key, rule.version) in about and _has(rule.schema, violation):
                    spot = self.locate(plan.id, number, violation.schema_location)
                    yield ":".join([spot.path, *(str(n) for n in (spot.line, spot.column) if n)])


def _has(schema: Any, violation: CallViolation) -> bool:
    """Whether a rule's schema has the broken keyword."""
    return value_at(schema, violation.schema_location or "") is not msgspec.UNSET


def _reason(error: ValueError) -> str:
    """Why a text is not JSON, without quoting it."""
    text = str(getattr(error, "msg", "") or "a name that JSON does not have")
    position = getattr(error, "colno", None)
    line = getattr(error, "lineno", 1)
    if position is None:
        return text
    return f"{text[0].lower()}{text[1:]} at column {position}" + (f" of its line {line}" if line > 1 else "")
