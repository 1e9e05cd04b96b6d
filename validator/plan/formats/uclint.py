"""uclint's own YAML: events with required, recommended or optional properties, and libraries of properties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from validator.plan.export import ExportedPlan, Losses
from validator.plan.message_schema import TYPES, implied, payload_key
from validator.plan.property_schemas import (
    ITEM,
    MOST_KEYS,
    STATUSES,
    Property,
    canonical,
    message_of,
    payload_of,
    place_of,
)
from validator.plan.tracking_plan import DRAFT_7
from validator.plan.unchecked_plan import PlanDraft, RuleDraft
from validator.plan.yaml_writer import dump_yaml
from validator.syntax.near_name import nearest
from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from validator.plan.loaded_plan import Source
    from validator.plan.tracking_plan import PlanRule, TrackingPlan
    from validator.plan.unchecked_plan import Part

VERSION: Final = 1
MOST_PROPERTIES: Final = 50_000

_PLAN_KEYS: Final = ("uclint", "plan", "id", "description", "additionalProperties", "events")
_LIBRARY_KEYS: Final = ("uclint", "library", "description", "properties")
_EVENT_KEYS: Final = (
    "event", "type", "version", "description", "labels", "additionalProperties", "properties", "traits", "message",
    "schema",
)  # fmt: skip
_KEYWORDS: Final = (
    "type", "enum", "const", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
    "additionalProperties", "title", "description", "default", "examples", "$comment", "x-severity",
)  # fmt: skip
_PROPERTY_KEYS: Final = ("status", "use", "schema", "properties", "items", *_KEYWORDS)
_STEP: Final = re.compile(r"((?:\\.|[^.\\\[]|\[(?!\]))+)((?:\[\])*)(?:\.|$)")


def recognises(value: Any) -> bool:
    """Whether a document declares itself a plan or a library of uclint."""
    return isinstance(value, dict) and "uclint" in value and bool({"plan", "library", "events"} & set(value))


def is_plan(value: Any) -> bool:
    """Whether a document is the plan itself, not a library."""
    return "library" not in value


def read(roots: list[Part]) -> PlanDraft:
    """Reads the plan in documents: one is the plan, the others are libraries."""
    for root in roots:
        if root.value["uclint"] != VERSION:
            root.get("uclint").bad(f"must be {VERSION}", Code.BAD_VALUE, "this uclint reads no other version")
    libraries: dict[str, Part] = {}
    for root in roots:
        if "library" in root.value:
            _known(root, _LIBRARY_KEYS, "a library")
            if root.text("library") in libraries:
                root.get("library").bad("has the name of another library", Code.DUPLICATE_DEFINITION)
            libraries[root.text("library")] = root
    plans = [root for root in roots if is_plan(root.value)]
    if not plans:
        roots[0].bad("is a library; it has no events", Code.NOT_A_TRACKING_PLAN, "give a plan that uses it")
        return PlanDraft("", [])
    for other in plans[1:]:
        help_text = f"name one of the two; {plans[0].document.path} is the other"
        other.bad("is a second plan in the same folder", Code.NOT_A_TRACKING_PLAN, help_text)
    return _Reader(libraries).plan(plans[0])


class _Reader:
    """Reads a plan.

    Args:
        libraries: The libraries beside it, by name.
    """

    __slots__ = ("_count", "_libraries")

    def __init__(self, libraries: Mapping[str, Part]) -> None:
        self._libraries = libraries
        self._count = 0

    def plan(self, root: Part) -> PlanDraft:
        _known(root, _PLAN_KEYS, "a plan")
        policy = root.get("additionalProperties").value
        rules = [rule for part in root.parts("events") if (rule := self._event(part, policy))]
        return PlanDraft(root.text("plan"), rules, root.text("id"), root.text("description") or None)

    def _event(self, part: Part, policy: Any) -> RuleDraft | None:
        if not isinstance(part.value, dict):
            part.bad("must be an event, a mapping")
            return None
        _known(part, _EVENT_KEYS, "an event")
        call_type = part.text("type", "track").upper()
        key = part.text("event") or None
        if call_type not in TYPES:
            help_text = f"use one of {', '.join(TYPES).lower()}"
            part.get("type").bad(f"cannot be {shown(call_type.lower())}", Code.BAD_VALUE, help_text)
            return None
        if key is None and call_type == "TRACK":
            part.notes.error(Code.MISSING_KEY, part.spot, "the event has no name", "add `event:`")
            return None
        version = part.whole("version", 1)
        if (raw := part.mapping("schema")) is not None:
            return RuleDraft(call_type, key, raw, (_source(part), part.get("schema").source()), version)
        schema, sources = self._schema(part, call_type, policy)
        return RuleDraft(call_type, key, schema, (_source(part), part.source(), *sources), version)

    def _schema(self, part: Part, call_type: str, policy: Any) -> tuple[dict[str, Any], list[Source]]:
        field = payload_key(call_type)
        about = {k: v for k in ("description", "labels") if (v := part.get(k).value) is not None}
        message = part.mapping("message") or {}
        sources = [part.get("message").source()] if message else []
        inside = part.get(field)
        if field in part.value:
            properties, found = self._properties(inside, ())
            _distinct(properties, inside)
            payload = payload_of(properties)
            allowed = part.value.get("additionalProperties", policy)
            if allowed is not None:
                payload["additionalProperties"] = allowed
            sources += [inside.source(("properties", field))]
            sources += [s._replace(place=("properties", field, *s.place)) for s in found]
            schema = message_of(payload, call_type, about)
        else:
            schema = {"$schema": DRAFT_7, **about, "type": "object"}
        return _joined(schema, message), sources

    def _properties(self, part: Part, above: tuple[str, ...]) -> tuple[list[Property], list[Source]]:
        if part.value is not None and not isinstance(part.value, dict):
            part.bad("must be a mapping of properties")
        found: list[Property] = []
        sources: list[Source] = []
        for name, inner in part.members():
            path = (*above, *_path(name))
            if len(path) > MOST_KEYS or not path[len(above) :]:
                inner.bad("is not the path of a property", Code.BAD_VALUE, "write it like `products[].sku`")
                continue
            properties, places = self._property(inner, path, None)
            found += properties
            sources += places
        return found, sources

    def _property(
        self, part: Part, path: tuple[str, ...], used: frozenset[str] | None
    ) -> tuple[list[Property], list[Source]]:
        """Reads a property and those nested in it."""
        sources = [part.source(place_of(path))]
        self._count += 1
        if self._count > MOST_PROPERTIES:
            part.bad("is one property too many, those of libraries counted each time", Code.TOO_LARGE, "split the plan")
            part.notes.raise_errors()
        if part.value is not None and not isinstance(part.value, dict):
            part.bad("must be a mapping that says what the property is", help_text="write `{type: string}`")
            return [], []
        _known(part, _PROPERTY_KEYS, "a property")
        status = part.text("status", "optional")
        if status not in STATUSES:
            part.get("status").bad(f"cannot be {shown(status)}", Code.BAD_VALUE, f"use one of {', '.join(STATUSES)}")
        own = {k: v for k, v in (part.value or {}).items() if k in _KEYWORDS} | (part.mapping("schema") or {})
        found, places = self._library(part, path, used or frozenset())
        schema = (found[0].schema if found else {}) | own
        inside = found[1:]
        for key, below in (("properties", path), ("items", (*path, ITEM))):
            inner = part.get(key)
            if inner.value is None:
                continue
            if len(below) > MOST_KEYS:
                inner.bad("is nested too deep", Code.TOO_LARGE)
                continue
            if key == "properties":
                schema.setdefault("type", "object")
                more, spots = self._properties(inner, below)
            else:
                schema.setdefault("type", "array")
                more, spots = self._property(inner, below, None)
            inside += more
            sources += spots
        return [Property(path, schema, status), *inside], [*places, *sources]

    def _library(self, part: Part, path: tuple[str, ...], used: frozenset[str]) -> tuple[list[Property], list[Source]]:
        """Resolves `use: library.property`."""
        use = part.text("use") if isinstance(part.value, dict) else ""
        if not use:
            return [], []
        at = part.get("use")
        name, _, prop = use.partition(".")
        library = self._libraries.get(name)
        if library is None:
            help_text = _suggest(name, self._libraries, "put the library into the folder of the plan")
            at.bad(f"names the library {shown(name)}, which is not there", Code.UNKNOWN_NAME, help_text)
            return [], []
        properties = library.mapping("properties") or {}
        if prop not in properties:
            help_text = _suggest(prop, properties, "define it in the library")
            at.bad(f"names {shown(prop)}, which the library does not have", Code.UNKNOWN_NAME, help_text)
            return [], []
        if use in used or len(used) > MOST_KEYS:
            at.bad(f"comes back to {shown(use)}", Code.BAD_VALUE, "write one of them out")
            return [], []
        return self._property(library.get("properties").get(prop), path, used | {use})


def _source(part: Part) -> Source:
    """The place of an event: that of its name, if it has one."""
    return (part.get("event") if "event" in part.value else part).source()


def _path(name: str) -> tuple[str, ...]:
    """The keys of a path such as `products[].sku`; a backslash escapes the next character."""
    keys: list[str] = []
    end = 0
    while end < len(name):
        step = _STEP.match(name, end)
        if step is None:
            return ()
        keys += [re.sub(r"\\(.)", r"\1", step[1]), *[ITEM] * (len(step[2]) // 2)]
        end = step.end()
    return tuple(keys) if not name.endswith(".") or name.endswith("\\.") else ()


def _joined(schema: dict[str, Any], message: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of an event's payload, and of the message as a whole."""
    made = {**schema, **message}
    if isinstance(message.get("properties"), dict):
        made["properties"] = {**message["properties"], **schema.get("properties", {})}
    if isinstance(wanted := message.get("required"), list):
        made["required"] = [*schema.get("required", ()), *(n for n in wanted if n not in schema.get("required", ()))]
    return made


def _distinct(properties: list[Property], part: Part) -> None:
    """Reports properties defined by several keys."""
    seen: set[tuple[str, ...]] = set()
    for prop in properties:
        if prop.path in seen:
            name = ".".join(prop.path).replace(f".{ITEM}", ITEM)
            part.bad(f"define {shown(name)} twice", Code.DUPLICATE_DEFINITION, "remove one of the two")
        seen.add(prop.path)


def _known(part: Part, keys: Iterable[str], what: str) -> None:
    known = tuple(keys)
    for key, inner in part.members():
        if key not in known:
            help_text = _suggest(key, known, f"use one of {', '.join(known)}")
            inner.notes.error(Code.UNKNOWN_KEY, inner.spot, f"{what} has no key {shown(key)}", help_text)


def _suggest(wrong: str, known: Iterable[str], otherwise: str) -> str:
    near = nearest(wrong, tuple(known))
    return f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else otherwise


def write(plan: TrackingPlan) -> ExportedPlan:
    """Writes a plan as one file. What the short form cannot express is written as JSON Schema, so nothing is lost."""
    document: dict[str, Any] = {"uclint": VERSION, "plan": plan.name}
    if plan.id != plan.name:
        document["id"] = plan.id
    if plan.description:
        document["description"] = plan.description
    document["events"] = [_written(rule) for rule in plan.rules]
    return Losses().written({"plan.yaml": dump_yaml(document)})


def _written(rule: PlanRule) -> dict[str, Any]:
    event: dict[str, Any] = {} if rule.key is None else {"event": rule.key}
    if rule.type != "TRACK":
        event["type"] = rule.type.lower()
    if rule.version != 1:
        event["version"] = rule.version
    short = event | _short(rule)
    return short if _says(short, rule) else event | {"schema": rule.schema}


def _says(event: dict[str, Any], rule: PlanRule) -> bool:
    """Whether an event in the short form reads back as exactly the rule."""
    from validator.plan.unchecked_plan import Notes, Part  # noqa: PLC0415 - only what is written is read back
    from validator.syntax.plain_document import PlainDocument  # noqa: PLC0415

    notes = Notes()
    document = PlainDocument({"uclint": VERSION, "events": [event]})
    read_back = _Reader({}).plan(Part(document, (), document.value, notes)).rules
    return not notes.errors and len(read_back) == 1 and canonical(read_back[0].schema) == canonical(rule.schema)


def _short(rule: PlanRule) -> dict[str, Any]:
    rest = {k: v for k, v in rule.schema.items() if (k, v) not in (("$schema", DRAFT_7), ("type", "object"))}
    event: dict[str, Any] = {k: rest.pop(k) for k in ("description", "labels") if k in rest}
    field = payload_key(rule.type)
    properties = rest.get("properties")
    payload = properties.get(field) if isinstance(properties, dict) else None
    if isinstance(payload, dict) and set(payload) <= _PAYLOAD and isinstance(payload.get("properties"), dict):
        if "additionalProperties" in payload:
            event["additionalProperties"] = payload["additionalProperties"]
        event[field] = _properties(payload)
        rest["properties"] = {k: v for k, v in properties.items() if k != field} if properties else {}
        for key, value in implied(payload, field).items():
            if rest.get(key) == value:
                del rest[key]
        if not rest["properties"]:
            del rest["properties"]
    return event | ({"message": rest} if rest else {})


_PAYLOAD: Final = frozenset({"type", "properties", "required", "x-recommended", "additionalProperties"})


def _properties(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of an object, with nested ones inside them."""
    required, recommended = payload.get("required", ()), payload.get("x-recommended", ())
    made = {}
    for name, schema in payload["properties"].items():
        status = "optional" if name not in required else "recommended" if name in recommended else "required"
        key = re.sub(r"([\\.\[])", r"\\\1", name)
        made[key] = _property(schema if isinstance(schema, dict) else {"not": {}}, status)
    return made


def _property(schema: Mapping[str, Any], status: str) -> dict[str, Any]:
    made: dict[str, Any] = {} if status == "optional" else {"status": status}
    inner = schema.get("properties")
    nested = isinstance(inner, dict) and schema.get("type") == "object"
    listed = isinstance(schema.get("items"), dict) and schema.get("type") == "array"
    other = {}
    for key, value in schema.items():
        if key in _KEYWORDS:
            made[key] = value
        elif not (nested and key in _PAYLOAD) and not (listed and key == "items"):
            other[key] = value
    if other:
        made["schema"] = other
    if nested:
        made["properties"] = _properties(schema)
    if listed:
        made["items"] = _property(schema["items"], "optional")
    return made
