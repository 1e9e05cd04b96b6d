"""Finds unsafe patterns, misspelt keywords, and schemas that no value can meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.engine.near_miss import fold, one_edit
from validator.json_schema.equality import key_of
from validator.json_schema.formats import FORMATS
from validator.json_schema.keywords import KEYWORDS, Draft, draft_of, known_in
from validator.json_schema.regex import search
from validator.json_schema.regex_portability import Trait, remarks
from validator.json_schema.subschemas import patterns, subschemas
from validator.json_schema.value_types import is_number
from validator.model import pointer
from validator.plan.diff.bounds import facts, listed, lower, named_types, type_of, upper
from validator.plan.diff.equivalence import shown
from validator.service.plan_lint.flaw import Flaw
from validator.syntax.near_name import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from validator.plan import PlanRule, TrackingPlan

    Found = Iterator[tuple[str, tuple[str, ...], str, str]]

_PATTERNS: Final = {
    Trait.NOT_LINEAR: ("PL633", "cannot run in Protocols or any linear-time engine", "write it without"),
    Trait.CATASTROPHIC: ("PL634", "can hang a tool that backtracks", "repeat in one place only"),
    Trait.DIALECT: ("PL635", "means something else, or nothing, to other tools", "write it in ECMA-262 syntax"),
}
_SHORT: Final = 4


def schemas(plan: TrackingPlan) -> Iterator[Flaw]:
    """PL633 to PL635, PL637, PL639, PL640 and PL642: mistakes in schemas."""
    for at, rule in enumerate(plan.rules):
        draft = draft_of(rule.schema) or Draft.DRAFT_7
        for keys, schema in subschemas(rule.schema):
            for check in (_patterns, _misspelt, _impossible, _values):
                for code, more, message, help_text in check(schema, draft):
                    yield Flaw(code, at, pointer(*keys, *more), message, help_text)


def described(plan: TrackingPlan) -> Iterator[Flaw]:
    """PL641: events and their properties without a description."""
    for at, rule in enumerate(plan.rules):
        yield from _undescribed(at, rule)


def drafts(plan: TrackingPlan) -> Iterator[Flaw]:
    """PL644: rules written in different drafts."""
    first: Draft | None = None
    for at, rule in enumerate(plan.rules):
        draft = draft_of(rule.schema)
        first = first or draft
        if draft is not None and draft is not first:
            yield Flaw(
                "PL644", at, "/$schema", f"this rule is in {draft}, the first one in {first}", "use one draft"
            )  # fmt: skip


def _undescribed(at: int, rule: PlanRule) -> Iterator[Flaw]:
    for keys, schema in subschemas(rule.schema):
        named = schema.get("properties") if "properties" in keys else None
        for name, inner in named.items() if isinstance(named, dict) else ():
            if isinstance(inner, dict) and not str(inner.get("description") or "").strip() and "$ref" not in inner:
                message, place = f"the property `{name}` has no description", pointer(*keys, "properties", name)
                yield Flaw("PL641", at, place, message, "describe it for those who send and read it")


def _patterns(schema: Mapping[str, Any], _: Draft) -> Found:
    for keys, pattern in patterns(schema):
        for remark in remarks(pattern):
            code, effect, help_text = _PATTERNS[remark.trait]
            yield code, keys, f"the pattern {shown(pattern)} {effect}: {remark.message}", help_text


def _misspelt(schema: Mapping[str, Any], draft: Draft) -> Found:
    known = [keyword for keyword in KEYWORDS if known_in(keyword, draft)]
    for key in schema:
        if key in KEYWORDS or key.startswith("x-") or len(key) < _SHORT:
            continue
        near = [k for k in known if len(k) >= _SHORT and k not in schema and (fold(k) == fold(key) or one_edit(key, k))]
        if near:
            yield (
                "PL637",
                (key,),
                f"`{key}` is not a JSON Schema keyword and checks nothing",
                f"did you mean `{near[0]}`?",
            )


def _impossible(schema: Mapping[str, Any], draft: Draft) -> Found:
    low, high = lower(schema, draft), upper(schema, draft)
    if low and high and (low[0] > -high[0] or (low[0] == -high[0] and (low[1] or high[1]))):
        yield "PL639", ("minimum",), "the minimum is above the maximum, so no number fits", "swap or fix them"
    for what in ("Length", "Items", "Properties"):
        least, most = schema.get(f"min{what}"), schema.get(f"max{what}")
        if is_number(least) and is_number(most) and least > most:
            yield "PL639", (f"min{what}",), f"min{what} is above max{what}, so nothing fits", "swap or fix them"
    if "enum" in schema and (not facts(schema, draft).values):
        yield (
            "PL639",
            ("enum",),
            "no value of the list has the right type, so nothing fits",
            "list values of the right type",
        )
    required, named = schema.get("required"), schema.get("properties")
    if (
        isinstance(required, list)
        and schema.get("additionalProperties") is False
        and not schema.get("patternProperties")
    ):
        names = named if isinstance(named, dict) else {}
        for at, name in enumerate(required):
            if isinstance(name, str) and name not in names:
                near = nearest(name, names)
                help_text = f"did you mean `{near[0]}`?" if near else f"add `{name}` to `properties`"
                yield "PL639", ("required", str(at)), f"`{name}` is required and forbidden at once", help_text


def _values(schema: Mapping[str, Any], draft: Draft) -> Found:
    types, values = named_types(schema), listed(schema, draft)
    if types is not None and values and facts(schema, draft).values:
        for at, value in enumerate(schema.get("enum") or ()):
            if type_of(value, draft) not in types:
                yield "PL640", ("enum", str(at)), f"{shown(value)} is listed, but of another type", "remove or fix it"
    examples = schema.get("examples")
    places: list[tuple[tuple[str, ...], Any]] = [(("default",), schema["default"])] if "default" in schema else []
    places += [
        (("examples", str(at)), value) for at, value in enumerate(examples if isinstance(examples, list) else ())
    ]
    for keys, value in places:
        if why := _broken(schema, value, draft):
            yield "PL642", keys, f"the {keys[0].removesuffix('s')} {shown(value)} breaks its own rule: {why}", "fix it"


def _broken(schema: Mapping[str, Any], value: Any, draft: Draft) -> str | None:
    """The first keyword that a value breaks, among those about the value itself and not its content."""
    types = named_types(schema)
    if types is not None and type_of(value, draft) not in types:
        return "type"
    values = listed(schema, draft)
    if values is not None and key_of(value) not in {key_of(one) for one in values}:
        return "enum"
    if is_number(value):
        low, high = lower(schema, draft), upper(schema, draft)
        for name, bound, number in (("minimum", low, value), ("maximum", high, -value)):
            if bound and (number < bound[0] or (number == bound[0] and bound[1])):
                return name
    for what, kind in (("Length", str), ("Items", list), ("Properties", dict)):
        if isinstance(value, kind):
            least, most = schema.get(f"min{what}"), schema.get(f"max{what}")
            if is_number(least) and len(value) < least:
                return f"min{what}"
            if is_number(most) and len(value) > most:
                return f"max{what}"
    return _broken_text(schema, value) if isinstance(value, str) else None


def _broken_text(schema: Mapping[str, Any], value: str) -> str | None:
    """The same, for the keywords of strings. A pattern that cannot run in linear time is skipped."""
    pattern, form = schema.get("pattern"), schema.get("format")
    if isinstance(pattern, str):
        try:
            if not search(pattern)(value):
                return "pattern"
        except ValueError:
            pass  # another rule reports it
    check = FORMATS.get(form) if isinstance(form, str) else None
    return "format" if check and not check(value) else None
