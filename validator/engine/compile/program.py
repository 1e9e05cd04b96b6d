"""A Program: all active plans compiled together. Plain data, which pickles."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from validator.engine.compile.call_rules import CallRules
from validator.engine.compile.lower import lower
from validator.engine.compile.lowered_rule import COMMON, PROPERTIES
from validator.engine.compile.routes import PlanRules, Routes
from validator.engine.compile.selection import OWN_FIELDS, Selection
from validator.engine.decode.call_type import UNKNOWN
from validator.engine.decode.key_paths import Wanted, readable_key
from validator.engine.lint import Lint
from validator.engine.near_miss import NearMisses
from validator.errors import PlanError, SchemaError
from validator.json_schema.dialects import dialect_of
from validator.json_schema.documents import Documents
from validator.json_schema.evaluator import pointer_of
from validator.model import CALL_TYPES, Diagnostic, Severity, pointer_keys
from validator.plan import Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from validator.engine.compile.deviation import TableKey
    from validator.engine.compile.lowered_rule import Expectation, LoweredRule
    from validator.engine.compile.relevant_fields import RelevantFields
    from validator.engine.decode.evidence import EvidenceSource
    from validator.engine.decode.key_paths import KeyPath
    from validator.plan import PlanRule, TrackingPlan

CONTEXT = "context"
NAME = "name"


class Program:
    """Compiled tracking plans. Equal rules of different plans are judged once.

    It can be pickled where `weigh` can.

    Args:
        plans: The active plans, in report order.
        own: The ids of the user's own plans: what is in none of their rules is counted.
        unplanned: Severity of events and properties missing from the user's own plans; None ignores them.
        formats: Whether `format` is checked.
        lint: The lint rules.
        selection: Which calls are judged, and fields to break counts down by.
        evidence: What else to gather from each call; None for nothing.
        locate: Finds the place of a plan id, rule number and JSON pointer in a file.
        weigh: The severity of a violation, by its code and own severity; None to ignore it.

    Attributes:
        routes: Finds the rules for a call.

    Raises:
        PlanError: A rule uses something that cannot be checked.
    """

    def __init__(
        self,
        plans: Iterable[TrackingPlan],
        *,
        own: Collection[str] = (),
        unplanned: Severity | None = None,
        formats: bool = True,
        lint: Lint | None = None,
        selection: Selection | None = None,
        evidence: EvidenceSource | None = None,
        locate: Callable[[str, int, str], Spot] = lambda plan, _rule, _pointer: Spot(plan, 0, 0),
        weigh: Callable[[str, Severity], Severity | None] | None = None,
    ) -> None:
        self.plans = tuple(plans)
        self.own = tuple(plan.id for plan in self.plans if plan.id in frozenset(own))
        self.unplanned = unplanned
        self._formats = formats
        self._weigh = weigh
        self.lint = lint or Lint()
        self.selection = selection or Selection()
        self.evidence = evidence
        self.routes = Routes(_lower_all(self.plans, locate, formats=formats))
        self._rules: dict[tuple[str, str | None, int | None], CallRules] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles the arguments; it is compiled again when loaded, as patterns and resolvers do not pickle."""
        make = partial(
            Program,
            own=self.own,
            unplanned=self.unplanned,
            formats=self._formats,
            lint=self.lint,
            selection=self.selection,
            evidence=self.evidence,
            weigh=self._weigh,
        )
        return make, (self.plans,)

    @cached_property
    def near_misses(self) -> NearMisses:
        """Finds planned event names similar to unplanned ones."""
        return NearMisses(self.routes.track_events)

    @cached_property
    def wanted(self) -> Wanted:
        """What to decode of calls."""
        fields: set[str] = set()
        deep: set[str] = set()
        whole = False
        looked_into: set[KeyPath] = set()
        properties = {key for kind in CALL_TYPES for key in self.lint.reserved(kind)}
        for relevant in self._all_fields():
            fields.update(relevant.fields)
            properties.update(relevant.properties)
            for place, checks in relevant.checks.items():
                whole = whole or not place
                if any(check.looks_into for check in checks):
                    looked_into.add(tuple(pointer_keys(place)))
                if place and any(check.deep for check in checks):
                    deep.add(pointer_keys(place)[0])
        if self.routes.by_name:
            fields.add(NAME)
        if self.routes.versions:
            fields.add(CONTEXT)
            deep.add(CONTEXT)
        gathered, whole_fields = self._gathered()
        whole = whole or not all(readable_key(path[0]) for path in gathered)
        gathered = tuple(path for path in gathered if readable_key(path[0]))
        deep |= whole_fields
        looked_into |= {(field,) for field in whole_fields} | set(gathered)
        paths = tuple(dict.fromkeys((*self.lint.paths, *self.selection.paths, *gathered)))
        if self.lint.deep:
            deep.add(PROPERTIES)
            looked_into.add((PROPERTIES,))
        # A field that plans use must have a JSON type, so it is built whole even if only a part is needed.
        deep |= {path[0] for path in paths if len(path) > 1 and path[0] in fields}
        others = dict.fromkeys(path[0] for path in paths if path[0] not in fields)
        return Wanted(
            fields=tuple(sorted(fields)),
            deep=frozenset(deep),
            whole=whole,
            others=tuple(others),
            paths=paths,
            looked_into=frozenset(looked_into),
            properties=frozenset(properties),
        )

    def _gathered(self) -> tuple[tuple[KeyPath, ...], frozenset[str]]:
        """The values, and the whole top-level fields, that are decoded as evidence."""
        if self.evidence is None:
            return (), frozenset()
        whole = frozenset(self.evidence.whole)
        decoded_anyway = (*OWN_FIELDS, PROPERTIES)
        paths = (path for path in self.evidence.paths if path[0] not in decoded_anyway)
        return tuple(dict.fromkeys([*paths, *((field,) for field in sorted(whole))])), whole

    def rules_for(self, table: TableKey) -> CallRules:
        """The rules for calls of a table."""
        return self.rules(table.type, table.name, table.version)

    def rules(self, kind: str, name: str | None, version: int | None = None) -> CallRules:
        """The rules for a kind of call.

        Args:
            kind: The call type in lower case.
            name: The event name of a track call, or the name of a page or screen call; None if no rule has it.
            version: The event version in the call.
        """
        about = (kind, name, version)
        found = self._rules.get(about)
        if found is None:
            found = self._rules[about] = CallRules(self.routes.rules(*about), self.own)
        return found

    def _all_fields(self) -> Iterator[RelevantFields]:
        kinds = {kind if kind[0] != COMMON else (UNKNOWN, None) for kind in self.routes.kinds()}
        if any(kind == COMMON for kind, _ in self.routes.kinds()):
            kinds |= {(kind, None) for kind in CALL_TYPES}
        for kind, name in kinds:
            for version in (None, *self.routes.versions):
                yield self.rules(kind, name, version).fields

    def expectations(self, event: str, name: str) -> Iterator[Expectation]:
        """What the rules expect of a property."""
        for rule in self.routes.all_rules():
            yield from (e for e in rule.expectations if rule.event == event and e.property == name)

    def places_of(self, event: str, name: str) -> tuple[str, ...]:
        """The places of a property, if it has several."""
        return next((tuple(p for p, _ in e.places) for e in self.expectations(event, name) if e.any_of), ())

    def events_of(self, plan: str) -> tuple[str, ...]:
        """The events of a plan, by their names in reports, in the order of the rules."""
        return tuple(dict.fromkeys(rule.event for rule in self.routes.all_rules(plan) if rule.type != COMMON))

    def naming(self, kind: str) -> tuple[str, ...]:
        """The user's own plans whose rules for a type have names."""
        return tuple(plan for plan in self.own if self.routes.names_calls(plan, kind))

    def severity(self, code: str, severity: Severity) -> Severity | None:
        """The severity of a violation, by its code and own severity; None if it is ignored."""
        return self._weigh(code, severity) if self._weigh else severity


def _lower_all(plans: Iterable[TrackingPlan], locate: Callable[[str, int, str], Spot], *, formats: bool) -> PlanRules:
    """The rules of all plans, lowered."""
    found: PlanRules = {}
    refused: list[Diagnostic] = []
    for plan in plans:
        rules = found.setdefault(plan.id, {})
        documents = Documents(plan.documents)
        for number, rule in enumerate(plan.rules):
            try:
                lowered = _lowered(rule, documents, vetted=plan.vetted, formats=formats)
            except SchemaError as error:
                refused.append(_diagnostic(error, rule, locate(plan.id, number, pointer_of(error.where))))
            else:
                rules.setdefault((lowered.type, lowered.key), {}).setdefault(lowered.version, []).append(lowered)
    if refused:
        raise PlanError(refused)
    return found


def _lowered(rule: PlanRule, documents: Documents, *, vetted: bool, formats: bool) -> LoweredRule:
    if not vetted:
        from validator.json_schema.limits import vet  # noqa: PLC0415 - only for the plans that users bring

        vet(rule.schema, dialect_of(rule.schema, documents), documents)
    return lower(rule, documents=documents, formats=formats)


def _diagnostic(error: SchemaError, rule: PlanRule, spot: Spot) -> Diagnostic:
    message = f"the rule {rule.key or rule.type!r} uses {error}"
    return Diagnostic(error.code, spot.path, spot.line, spot.column, message, error.help)
