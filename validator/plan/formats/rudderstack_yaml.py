"""RudderStack's YAML: a tracking plan that refers to events, properties and custom types in files beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from validator.plan.message_schema import TYPES
from validator.plan.property_schemas import MOST_KEYS
from validator.plan.rudder_writer import KEYWORDS, Writer
from validator.plan.tracking_plan import DRAFT_7
from validator.plan.unchecked_plan import PlanDraft, RuleDraft
from validator.syntax.near_name import nearest
from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from validator.plan.export import ExportedPlan
    from validator.plan.loaded_plan import Source
    from validator.plan.tracking_plan import TrackingPlan
    from validator.plan.unchecked_plan import Part

_DRAFT_2019: Final = "https://json-schema.org/draft/2019-09/schema"
_SECTIONS: Final = {"properties": ("properties",), "traits": ("traits",), "context.traits": ("context", "traits")}
_SAFE: Final = re.compile(r"[A-Za-z0-9_-]+(?:[ .:][A-Za-z0-9_-]+)*")

# Kind of file -> the key of its list, and the word in new and old references.
_KINDS: Final = {
    "events": ("events", "event", "events"),
    "properties": ("properties", "property", "properties"),
    "custom-types": ("types", "custom-type", "custom-types"),
}


def recognises(value: Any) -> bool:
    """Whether a document is one of RudderStack's files."""
    version = value.get("version") if isinstance(value, dict) else None
    return isinstance(version, str) and version.startswith("rudder/") and "kind" in value


def read(roots: list[Part]) -> PlanDraft:
    """Reads the plan in documents: one is the plan, the others define what it refers to."""
    plans = [root for root in roots if is_plan(root.value)]
    if not plans:
        message = f"the kind {shown(roots[0].text('kind'))} defines parts of plans, and no plan is beside it"
        help_text = "give the file of kind `tracking-plan`, or the folder that it is in"
        roots[0].notes.error(Code.NOT_A_TRACKING_PLAN, roots[0].get("kind").spot, message, help_text)
        return PlanDraft("", [])
    for other in plans[1:]:
        message = "this is a second tracking plan in the same folder"
        help_text = f"name one of the two files; the other is {plans[0].document.path}"
        other.notes.error(Code.NOT_A_TRACKING_PLAN, other.get("kind").spot, message, help_text)
    new = _is_new(plans[0])
    return _Reader([root for root in roots if _is_new(root) == new]).plan(plans[0])


def is_plan(value: Any) -> bool:
    """Whether a document is the plan itself, not a part it refers to."""
    return value.get("kind") in ("tracking-plan", "tp")


def _is_new(root: Part) -> bool:
    """Whether a file has the current form; files of both forms may be mixed."""
    return root.text("version") == "rudder/v1"


class _Reader:
    """Reads a plan."""

    __slots__ = ("_defined", "_used")

    def __init__(self, roots: list[Part]) -> None:
        self._defined: dict[str, Part] = {}
        self._used: dict[str, Part] = {}  # custom types that the current rule refers to
        for root in roots:
            self._define(root)

    def _define(self, root: Part) -> None:
        if root.text("kind") not in _KINDS:
            return
        listed, new, old = _KINDS[root.text("kind")]
        group = root.get("metadata").text("name")
        for part in root.get("spec").parts(listed):
            name = part.text("id") if isinstance(part.value, dict) else ""
            if not _SAFE.fullmatch(name):
                message = f"the id {shown(name)} is not a safe name" if name else "`id` is missing"
                help_text = "use letters, digits, `_`, `-` and single dots"
                part.notes.error(Code.UNSAFE_NAME, part.spot, message, help_text)
                continue
            if f"#{new}:{name}" in self._defined and _is_new(root):
                message = f"the {new} {shown(name)} is defined already"
                part.notes.error(Code.DUPLICATE_DEFINITION, part.spot, message, "remove one of the two")
            self._defined[f"#{new}:{name}"] = part
            self._defined[f"#/{old}/{group}/{name}"] = part

    def plan(self, root: Part) -> PlanDraft:
        spec = root.get("spec")
        rules = [rule for part in spec.parts("rules") if (rule := self._rule(part))]
        name = spec.text("display_name") or spec.text("name") or root.get("metadata").text("name")
        return PlanDraft(name, rules, spec.text("id"), spec.text("description") or None)

    def _rule(self, part: Part) -> RuleDraft | None:
        if not isinstance(part.value, dict):
            part.bad("must be a rule, a mapping")
            return None
        old = isinstance(part.get("event").value, dict)
        at = part.get("event").get("$ref") if old else part.get("event")
        event = self._find(at, "event")
        if event is None:
            return None
        call_type = event.text("event_type").upper()
        if call_type not in TYPES or call_type == "COMMON":
            event.get("event_type").bad("must be track, page, screen, identify or group", Code.BAD_VALUE)
            return None
        where = part.get("event") if old else part
        allowed = where.flag("allow_unplanned" if old else "additional_properties", default=False)
        default = "traits" if call_type in ("IDENTIFY", "GROUP") else "properties"
        section = where.text("identity_section", default) or default
        if section not in _SECTIONS:
            where.get("identity_section").bad(f"must be one of {', '.join(_SECTIONS)}", Code.BAD_VALUE)
            return None
        self._used = {}
        way = _SECTIONS[section]
        place = tuple(key for name in way for key in ("properties", name))
        payload, found = self._object(part, place, 0)
        schema = self._message(payload, way, event, part, closed=not allowed)
        key = event.text("name") or None
        sources = (at.source(), part.source(), part.get("properties").source(place), *found)
        return RuleDraft(call_type, key if call_type in ("TRACK", "PAGE", "SCREEN") else None, schema, sources)

    def _message(
        self, payload: dict[str, Any], way: tuple[str, ...], event: Part, part: Part, *, closed: bool
    ) -> dict[str, Any]:
        cases = self._cases(part)
        if cases:
            payload["allOf"] = cases
        if closed:
            payload["unevaluatedProperties" if cases else "additionalProperties"] = False
        schema: dict[str, Any] = payload
        for depth, key in enumerate(reversed(way)):
            inner = schema
            schema = {"type": "object", "properties": {key: inner}}
            if inner.get("required"):
                schema["required"] = [key]
            if depth + 1 == len(way):
                schema = {"$schema": _DRAFT_2019 if cases else DRAFT_7, **schema}
        if description := event.text("description"):
            schema["description"] = description
        if definitions := self._definitions():
            schema["definitions"] = definitions
        return schema

    def _definitions(self) -> dict[str, Any]:
        """The custom types referred to, directly or indirectly."""
        made: dict[str, Any] = {}
        while waiting := [name for name in self._used if name not in made]:
            part = self._used[waiting[0]]
            made[waiting[0]] = {}  # a type may refer to itself
            made[waiting[0]] = self._type(part) | (self._object(part, (), 0)[0] if "properties" in part.value else {})
        return made

    def _object(self, part: Part, place: tuple[str, ...], depth: int) -> tuple[dict[str, Any], list[Source]]:
        """An object with the properties listed in a part."""
        schema: dict[str, Any] = {"type": "object", "properties": {}}
        sources: list[Source] = []
        required: list[str] = []
        for listed in part.parts("properties"):
            if not isinstance(listed.value, dict) or depth > MOST_KEYS:
                listed.bad("must refer to a property" if depth <= MOST_KEYS else "is nested too deep")
                continue
            at = listed.get("$ref") if "$ref" in listed.value else listed.get("property")
            prop = self._find(at, "property")
            if prop is None:
                continue
            name = prop.text("name") or prop.text("id")
            below = (*place, "properties", name)
            schema["properties"][name], found = self._property(prop, listed, below, depth)
            sources += [prop.source(below), *found]
            if listed.flag("required", default=False):
                required.append(name)
        if required:
            schema["required"] = required
        return schema, sources

    def _property(
        self, prop: Part, listed: Part, place: tuple[str, ...], depth: int
    ) -> tuple[dict[str, Any], list[Source]]:
        schema = self._type(prop)
        if "properties" not in listed.value:
            return schema, []
        array = schema.get("type") == "array"
        inner, found = self._object(listed, (*place, "items") if array else place, depth + 1)
        for key in ("additional_properties", "allow_unplanned"):
            if key in listed.value:
                inner["additionalProperties"] = listed.flag(key, default=True)
        return (schema | {"items": inner} if array else schema | inner), found

    def _type(self, prop: Part) -> dict[str, Any]:
        """The schema of a property or a custom type, without its properties."""
        schema: dict[str, Any] = {}
        if description := prop.text("description"):
            schema["description"] = description
        words, at = _words(prop)
        if len(words) == 1 and words[0].startswith("#"):
            return schema | self._reference(words[0], at)
        if words:
            schema["type"] = words[0] if len(words) == 1 else words
        for key in ("config", "propConfig"):
            for name, value in (prop.mapping(key) or {}).items():
                self._keyword(prop.get(key).get(name), _camel(name), value, schema)
        items = [(key, prop.value.get(key)) for key in ("item_type", "item_types") if prop.value.get(key)]
        for key, value in items:
            self._keyword(prop.get(key), "itemTypes", value, schema)
        return schema

    def _reference(self, ref: str, at: Part) -> dict[str, Any]:
        part = self._lookup(ref, at, "custom type")
        if part is None:
            return {}
        name = part.text("name") or part.text("id")
        name = re.sub(r"[^A-Za-z0-9_-]", "_", name)
        self._used.setdefault(name, part)
        return {"$ref": f"#/definitions/{name}"}

    def _keyword(self, at: Part, keyword: str, value: Any, schema: dict[str, Any]) -> None:
        if keyword in ("itemTypes", "itemType"):
            words = value if isinstance(value, list) else [value]
            if len(words) == 1 and isinstance(words[0], str) and words[0].startswith("#"):
                schema["items"] = self._reference(words[0], at)
            else:
                schema["items"] = {"type": words[0] if len(words) == 1 else words}
        elif keyword in KEYWORDS:
            schema[keyword] = value
        else:
            near = nearest(keyword, KEYWORDS)
            help_text = f"did you mean `{near[0]}`?" if near else f"use one of {', '.join(KEYWORDS)}"
            at.notes.error(Code.UNKNOWN_KEY, at.spot, f"a property cannot have {shown(str(at.keys[-1]))}", help_text)

    def _cases(self, part: Part) -> list[dict[str, Any]]:
        """The conditions for certain values of a property."""
        made: list[dict[str, Any]] = []
        for variant in part.parts("variants"):
            prop = self._find(variant.get("discriminator"), "property")
            if prop is None:
                continue
            name = prop.text("name") or prop.text("id")
            every: list[Any] = []
            for case in variant.parts("cases"):
                values = case.get("match").value
                matched = values if isinstance(values, list) else [values]
                every += matched
                made.append(_case(name, {"enum": matched}, self._object(case, (), 0)[0]))
            if variant.get("default").value:
                default = self._default(variant)
                made.append(_case(name, {"not": {"enum": every}}, default))
        return made

    def _default(self, variant: Part) -> dict[str, Any]:
        where = variant.get("default")
        if isinstance(where.value, dict):
            return self._object(where, (), 0)[0]
        from validator.plan.unchecked_plan import Part  # noqa: PLC0415 - variants are rare

        renamed = Part(_Renamed(where), (), {"properties": where.value}, where.notes)
        return self._object(renamed, (), 0)[0]

    def _find(self, at: Part, what: str) -> Part | None:
        if not isinstance(at.value, str):
            at.bad(f"must refer to a definition of the {what}", help_text="write it like `#property:order_id`")
            return None
        return self._lookup(at.value, at, what)

    def _lookup(self, ref: str, at: Part, what: str) -> Part | None:
        found = self._defined.get(ref)
        if ".." in ref or "\\" in ref or "//" in ref:
            message = f"the reference {shown(ref)} to the {what} points out of the plan"
            at.notes.error(Code.UNSAFE_NAME, at.spot, message, "refer to it by its id, as in `#property:order_id`")
        elif found is None:
            near = nearest(ref, tuple(self._defined))
            help_text = f"did you mean `{near[0]}`?" if near else "put the file that defines it into the same folder"
            message = f"the {what} {shown(ref)} is defined in no file of the folder"
            at.notes.error(Code.UNKNOWN_NAME, at.spot, message, help_text)
        return found


class _Renamed:
    """Wraps a list of properties as a part with such a list."""

    __slots__ = ("_list", "path", "value")

    def __init__(self, where: Part) -> None:
        self._list = where
        self.path = where.document.path
        self.value = {"properties": where.value}

    def mark(self, keys: Any) -> Any:
        return self._list.document.mark((*self._list.keys, *keys[1:]))


def _case(name: str, condition: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    then = {k: v for k, v in then.items() if k != "type"}
    return {"if": {"properties": {name: condition}, "required": [name]}, "then": then}


def _words(prop: Part) -> tuple[list[str], Part]:
    """The types of a property."""
    at = prop.get("types") if "types" in prop.value else prop.get("type")
    value = at.value
    if isinstance(value, str):
        return [word.strip() for word in value.split(",") if word.strip()], at
    if isinstance(value, list):
        return ["null" if word is None else str(word) for word in value], at
    if value is not None:
        at.bad("must be a type or several")
    return [], at


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


def write(plan: TrackingPlan) -> ExportedPlan:
    """Writes a plan as a file, with its events and properties in files beside it."""
    return Writer(plan).written()
