"""All active plans compiled together, once: what the hot loop looks at, and the judgement of each distinct shape."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from validator.engine.focus import Focus
from validator.engine.judge import Judgement, Violation, judge
from validator.engine.lint import Lint
from validator.engine.lower import PROPERTIES, lower
from validator.engine.names import NearMisses
from validator.engine.outcome import COMMON, Outcome, Panel, Standing, merge
from validator.engine.shape import UNKNOWN
from validator.engine.view import View, Wanted, view_of
from validator.errors import PlanError, SchemaError
from validator.json_schema.dialects import dialect_of
from validator.json_schema.documents import Documents
from validator.json_schema.evaluator import pointer_of
from validator.model import CALL_TYPES, Diagnostic, Severity, pointer, pointer_keys
from validator.plan import Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from validator.engine.lowered import Expectation, LoweredRule
    from validator.engine.shape import Shape
    from validator.plan import PlanRule, TrackingPlan

# How many outcomes are remembered: as many as a stream has shapes, but for streams made to have millions.
_REMEMBERED = 2_048

NAMED_TYPES = ("page", "screen")
CONTEXT = "context"
NAME = "name"


# A call type and the name of an event or a page; None for all of the type.
Kind = tuple[str, str | None]


class Program:
    """Compiled tracking plans. Equal rules of different plans are judged once.

    It can be pickled where `weigh` can.

    Args:
        plans: The active plans, in report order.
        own: The ids of those that are the user's own: what is in no rule of theirs is counted.
        unplanned: How bad events and properties are that the user's own plans do not know; None: they are ignored.
        formats: Whether `format` is checked.
        lint: What lint rules look at.
        focus: Which calls are judged, and what counts are broken down by.
        locate: Tells where a place in a schema stands, by the plan's id, the rule's number and a JSON pointer.
        weigh: How bad a violation is, by its code and how bad it is of itself; None: it is none.

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
        focus: Focus | None = None,
        locate: Callable[[str, int, str], Spot] = lambda plan, _rule, _pointer: Spot(plan, 0, 0),
        weigh: Callable[[str, Severity], Severity | None] | None = None,
    ) -> None:
        self.plans = tuple(plans)
        self.own = tuple(plan.id for plan in self.plans if plan.id in frozenset(own))
        self.unplanned = unplanned
        self._formats = formats
        self._weigh = weigh
        self.lint = lint or Lint()
        self.focus = focus or Focus()
        # For each plan: what its rules are about -> version -> rules.
        self._lowered: dict[str, dict[Kind, dict[int, list[LoweredRule]]]] = {}
        refused: list[Diagnostic] = []
        for plan in self.plans:
            rules = self._lowered.setdefault(plan.id, {})
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
        self._rules: dict[tuple[str, str | None, int | None], dict[LoweredRule, list[str]]] = {}
        self._views: dict[tuple[str, str | None, int | None], View] = {}
        self._panels: dict[tuple[str, str | None, int | None], Panel] = {}
        self._outcomes: dict[Shape, Outcome] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """It is compiled again where it is read: patterns and what finds references cannot be taken along."""
        make = partial(
            Program,
            own=self.own,
            unplanned=self.unplanned,
            formats=self._formats,
            lint=self.lint,
            focus=self.focus,
            weigh=self._weigh,
        )
        return make, (self.plans,)

    @cached_property
    def names(self) -> Mapping[str, frozenset[str]]:
        """Call type -> the names that a rule is about."""
        found: dict[str, set[str]] = defaultdict(set)
        for kind, name in self._kinds():
            if name is not None:
                found[kind].add(name)
        return {kind: frozenset(names) for kind, names in found.items()}

    @property
    def track_events(self) -> frozenset[str]:
        """The names of track calls that a rule is about."""
        return self.names.get("track", frozenset())

    @cached_property
    def versions(self) -> frozenset[int]:
        """The versions among which calls choose; none where no plan has several of one event."""
        several = (versions for rules in self._lowered.values() for versions in rules.values() if len(versions) > 1)
        return frozenset(version for versions in several for version in versions)

    @cached_property
    def near_misses(self) -> NearMisses:
        """Finds planned event names that unplanned ones nearly are."""
        return NearMisses(self.track_events)

    @cached_property
    def wanted(self) -> Wanted:
        """What has to be decoded."""
        fields: set[str] = set()
        deep: set[str] = set()
        whole = False
        for view in self._all_views():
            fields.update(view.fields)
            for place, checks in view.checks.items():
                whole = whole or not place
                if place and any(check.deep for check in checks):
                    deep.add(pointer_keys(place)[0])
        if any(kind in self.names for kind in NAMED_TYPES):
            fields.add(NAME)
        if self.versions:
            fields.add(CONTEXT)
            deep.add(CONTEXT)
        paths = tuple(dict.fromkeys((*self.lint.paths, *self.focus.paths)))
        if self.lint.deep or self.focus.deep:
            deep.add(PROPERTIES)
        # What belongs to a shape must be of a JSON type: all that is in it is built where some of it is wanted.
        deep |= {path[0] for path in paths if len(path) > 1 and path[0] in fields}
        unkeyed = dict.fromkeys(path[0] for path in paths if path[0] not in fields)
        return Wanted(tuple(sorted(fields)), frozenset(deep), whole, tuple(unkeyed), paths)

    @cached_property
    def track_fields(self) -> frozenset[str]:
        """The top-level fields that plans look at in track calls."""
        views = [
            self.view("track", name, version) for name in (None, *self.track_events) for version in self._versions()
        ]
        return frozenset(field for view in views for field in view.fields)

    def _versions(self) -> tuple[int | None, ...]:
        return None, *self.versions

    @property
    def routed(self) -> bool:
        """Whether it takes more than type and event to tell which rules a call comes to."""
        return bool(self.versions) or any(kind in self.names for kind in NAMED_TYPES)

    def name_of(self, kind: str, name: Any) -> str | None:
        """The name where a rule is about calls of that type and name, else None: other names make no difference."""
        return name if isinstance(name, str) and name in self.names.get(kind, ()) else None

    def version_of(self, context: Any) -> int | None:
        """The event version that a call's `context` names, if it is one that a plan has."""
        protocols = context.get("protocols") if isinstance(context, dict) else None
        version = protocols.get("event_version") if isinstance(protocols, dict) else None
        if isinstance(version, float) and version.is_integer():
            version = int(version)
        return version if type(version) is int and version in self.versions else None

    def rules(self, kind: str, name: str | None, version: int | None = None) -> Mapping[LoweredRule, list[str]]:
        """The rules for a call, each with the plans that have it.

        Args:
            kind: The call type in lower case.
            name: The event name of a track call, the name of a page or screen call.
            version: The event version that the call names.
        """
        found = self._rules.get((kind, name, version))
        if found is None:
            found = {}
            for plan, rules in self._lowered.items():
                for about in dict.fromkeys([(kind, name), (kind, None), (COMMON, None)]):
                    if versions := rules.get(about):
                        chosen = versions.get(version) if version is not None else None
                        for rule in chosen or versions[min(versions)]:
                            found.setdefault(rule, []).append(plan)
            self._rules[kind, name, version] = found
        return found

    def view(self, kind: str, name: str | None, version: int | None = None) -> View:
        """What the plans look at in such a call."""
        found = self._views.get((kind, name, version))
        if found is None:
            found = self._views[kind, name, version] = view_of(self.rules(kind, name, version), frozenset(self.own))
        return found

    def _kinds(self) -> Iterator[Kind]:
        for rules in self._lowered.values():
            yield from rules

    def _all_views(self) -> Iterator[View]:
        kinds = {kind if kind[0] != COMMON else (UNKNOWN, None) for kind in self._kinds()}
        if any(kind == COMMON for kind, _ in self._kinds()):
            kinds |= {(kind, None) for kind in CALL_TYPES}
        for kind, name in kinds:
            for version in self._versions():
                yield self.view(kind, name, version)

    def expectations(self, event: str, name: str) -> Iterator[Expectation]:
        """What the rules expect of a property."""
        for rules in self._lowered.values():
            for versions in rules.values():
                for rule in chain.from_iterable(versions.values()):
                    yield from (e for e in rule.expectations if rule.event == event and e.property == name)

    def places_of(self, event: str, name: str) -> tuple[str, ...]:
        """The JSON pointers where a property may stand, if there are several."""
        return next((tuple(p for p, _ in e.places) for e in self.expectations(event, name) if e.any_of), ())

    def planning(self, event: str) -> tuple[str, ...]:
        """The plans with a rule for track calls of that name."""
        return tuple(plan for plan, rules in self._lowered.items() if ("track", event) in rules)

    def events_of(self, plan: str) -> tuple[str, ...]:
        """What a plan has rules for, as reports call it, in the order of the rules."""
        versions = chain.from_iterable(rules.values() for rules in self._lowered[plan].values())
        return tuple(dict.fromkeys(rule.event for rule in chain.from_iterable(versions) if rule.type != COMMON))

    def naming(self, kind: str) -> tuple[str, ...]:
        """The user's own plans that name the calls of a type that they know."""
        return tuple(plan for plan in self.own if self._names_calls(plan, kind))

    def open_plans(self, kind: str, name: str | None) -> tuple[str, ...]:
        """The user's own plans that know a call and do not forbid further properties."""
        return tuple(self._planned(self.rules(kind, name)))

    def judge(self, shape: Shape) -> Outcome:
        """What all plans say of a shape."""
        outcome = self._outcomes.get(shape)
        if outcome is None:
            if len(self._outcomes) >= _REMEMBERED:
                self._outcomes.clear()
            outcome = self._outcomes[shape] = self._judge(shape)
        return outcome

    def judgements(self, shape: Shape) -> list[tuple[LoweredRule, Judgement]]:
        """What each distinct rule that applies says of a shape."""
        return [(rule, judge(rule, shape)) for rule in self.rules(shape.type, shape.event, shape.version)]

    def unplanned_in(self, shape: Shape) -> list[tuple[Violation, tuple[str, ...]]]:
        """What the user's own plans do not know of a call; without a name where the shape has none."""
        found: dict[Violation, set[str]] = defaultdict(set)
        for violation, plans in self._unplanned(shape, self.rules(shape.type, shape.event, shape.version)):
            if severity := self.severity(violation):
                found[violation._replace(severity=severity)].update(plans)
        return [(violation, tuple(plans)) for violation, plans in found.items()]

    def severity(self, violation: Violation) -> Severity | None:
        """How bad a violation counts; None if it counts for nothing."""
        return self._weigh(violation.code, violation.severity) if self._weigh else violation.severity

    def _judge(self, shape: Shape) -> Outcome:
        about = (shape.type, shape.event, shape.version)
        panel = self._panels.get(about)
        if panel is None:
            panel = self._panels[about] = Panel(self.rules(*about), self.own, self._weigh)
        states, violations = panel.judge(shape)
        if self.own:
            unplanned = self._unplanned(shape, self.rules(*about))
            merge(violations, panel.weighed((violation, frozenset(plans)) for violation, plans in unplanned))
        bad = {plan for violation, of in violations.items() if violation.severity is Severity.ERROR for plan in of}
        return Outcome(
            events=panel.events,
            states=states,
            violations={v: plans for v, plans in violations.items() if v.event or v.keyword},
            unnamed=tuple(_about(v, shape) for v in violations if not (v.event or v.keyword)),
            invalid=bool(bad),
            standings={
                plan: Standing.INVALID
                if plan in bad
                else Standing.VALID
                if plan in panel.planned
                else Standing.UNPLANNED
                for plan in self.own
            },
        )

    def _unplanned(
        self, shape: Shape, rules: Mapping[LoweredRule, list[str]]
    ) -> Iterator[tuple[Violation, Iterable[str]]]:
        """What the user's own plans do not know of a call. What is without a name here is in the profile."""
        if self.unplanned is None:
            return
        planned = {plan for rule, plans in rules.items() if rule.type != COMMON for plan in plans}
        if absent := [plan for plan in self.own if plan not in planned and self._names_calls(plan, shape.type)]:
            # Of page and screen calls only their type is told where no plan knows the name.
            kind = shape.type.capitalize() if shape.event is None and shape.type in NAMED_TYPES else None
            yield Violation("TP203", shape.event or kind or "", kind and NAME, "", "", self.unplanned, None), absent
        keys = [key[1] for key in (pointer_keys(p) for p, _ in shape.fields) if len(key) == 2 and key[0] == PROPERTIES]
        for plan, known in self._planned(rules).items():
            if shape.more:
                yield Violation("TP204", "", None, "", "", self.unplanned, None), [plan]
            event = shape.event or shape.type.capitalize()
            for key in frozenset(keys) - known:
                location = pointer(PROPERTIES, key)
                yield Violation("TP204", event, key, location, "", self.unplanned, None), [plan]

    def _planned(self, rules: Mapping[LoweredRule, list[str]]) -> dict[str, frozenset[str]]:
        """The user's own plans that know a call and leave open what else it may have -> the properties they know."""
        found: dict[str, frozenset[str]] = {}
        for plan in self.own:
            mine = [rule for rule, plans in rules.items() if plan in plans]
            known = [rule.planned for rule in mine if rule.planned is not None]
            if len(known) == len(mine) and any(rule.type != COMMON for rule in mine):
                found[plan] = frozenset[str]().union(*known)
        return found

    def _names_calls(self, plan: str, kind: str) -> bool:
        """Whether a plan names the calls of a type that it knows."""
        return any(about[0] == kind and about[1] is not None for about in self._lowered[plan])


def _lowered(rule: PlanRule, documents: Documents, *, vetted: bool, formats: bool) -> LoweredRule:
    if not vetted:
        from validator.json_schema.limits import vet  # noqa: PLC0415 - only for the plans that users bring

        vet(rule.schema, dialect_of(rule.schema, documents), documents)
    return lower(rule, documents=documents, formats=formats)


def _diagnostic(error: SchemaError, rule: PlanRule, spot: Spot) -> Diagnostic:
    message = f"the rule {rule.key or rule.type!r} uses {error}"
    return Diagnostic(error.code, spot.path, spot.line, spot.column, message, error.help)


def _about(unplanned: Violation, shape: Shape) -> Violation:
    """What is unplanned, without its name: an event, or properties of calls that are planned."""
    if unplanned.code == "TP203":
        return unplanned
    return unplanned._replace(event=shape.event or shape.type.capitalize(), location=pointer(PROPERTIES))
