"""Checks and normalises the plans of all formats: rejects what cannot be used, and corrects clear mistakes."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urldefrag, urljoin

from validator.json_schema.keyword_types import JUDGES, wrong_shape
from validator.json_schema.keywords import METASCHEMAS, Draft
from validator.json_schema.subschemas import subschemas
from validator.model import JSON_TYPES, pointer, pointer_keys
from validator.plan.loaded_plan import Spot
from validator.plan.references import address, base_of
from validator.syntax.near_name import nearest
from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validator.plan.loaded_plan import Spots
    from validator.plan.unchecked_plan import Notes, RuleDraft

_REFS: Final = ("$ref", "$dynamicRef", "$recursiveRef")
_OLD: Final = (Draft.DRAFT_4, Draft.DRAFT_6)
_USUAL_TYPES: Final = {
    "float": "number",
    "double": "number",
    "decimal": "number",
    "int": "integer",
    "long": "integer",
    "bool": "boolean",
    "text": "string",
    "str": "string",
    "date": "string",
    "datetime": "string",
    "list": "array",
    "map": "object",
}
_PLAIN: Final = re.compile("[A-Za-z0-9_][ -~]*[!-~]|[!-~]")
# Typographic quotation marks and dashes, which editors substitute for the plain ones.
_TYPOGRAPHIC: Final = re.compile("[\u2018\u2019\u201c\u201d\u2010-\u2015]")


class Normaliser:
    """Checks and fixes the schemas of rules, in place.

    Args:
        rules: The rules, whose schemas are changed.
        spots: Their places.
        notes: Collects the mistakes.
        old_drafts: Whether an old draft is allowed.
        documents: Documents supplied with the rules, which the rules may refer to.
    """

    def __init__(
        self,
        rules: list[RuleDraft],
        spots: Spots,
        notes: Notes,
        *,
        old_drafts: bool = False,
        documents: Mapping[str, Any] | None = None,
    ) -> None:
        self._documents = documents or {}
        self._old_is_usual = old_drafts
        self._rules, self._spots, self._notes = rules, spots, notes
        self._index = 0

    def normalise(self) -> list[int]:
        """Normalises the rules; returns the indices of those to keep: only the first of identical ones."""
        old: list[tuple[int, Draft]] = []
        for index, rule in enumerate(self._rules):
            self._index = index
            if rule.key is not None and not _PLAIN.fullmatch(rule.key):
                self._name(rule.key, self._spots.of_rule(self._index), "the event name")
            if draft := self._dialect(rule.schema):
                old.append((index, draft))
            inside = list(subschemas(rule.schema))
            for place, schema in inside:
                self._shapes(place, schema)
                if "type" in schema:
                    self._types(place, schema)
                if "properties" in schema:
                    self._names(place, schema)
            self._refs(rule.schema, inside)
        if old and not self._old_is_usual:
            self._old_drafts(old)
        return self._distinct()

    def _at(self, place: tuple[str, ...]) -> Spot:
        return self._spots.spot(self._index, pointer(*place))

    def _dialect(self, schema: dict[str, Any]) -> Draft | None:
        """Returns the old draft of a schema, if it is one; an unknown draft becomes draft-07."""
        dialect = schema.get("$schema")
        if dialect is None:
            return None
        draft = METASCHEMAS.get(dialect.rstrip("#")) if isinstance(dialect, str) else None
        if draft is None:
            name = shown(dialect) if isinstance(dialect, str) else "what is no text"
            message = f"`$schema` is {name}, which is not a draft of JSON Schema; read as draft-07"
            help_text = "write http://json-schema.org/draft-07/schema#"
            self._notes.oddity(Code.UNKNOWN_DIALECT, self._at(("$schema",)), message, help_text)
            schema["$schema"] = "http://json-schema.org/draft-07/schema#"
        return draft if draft in _OLD else None

    def _old_drafts(self, old: list[tuple[int, Draft]]) -> None:
        self._index, draft = old[0]
        others = {1: "", 2: ", and so says 1 more"}.get(len(old), f", and so say {len(old) - 1} more")
        message = f"the schema says it is {draft}{others}; each is judged as the draft it says"
        help_text = "Protocols reads draft-07: change `$schema` when the schemas use nothing older"
        self._notes.oddity(Code.OLD_DRAFT, self._at(("$schema",)), message, help_text)

    def _shapes(self, place: tuple[str, ...], schema: dict[str, Any]) -> None:
        for keyword, value in schema.items():
            if keyword in JUDGES and (what := wrong_shape(keyword, value)):
                help_text = "fix it: it is not valid JSON Schema"
                self._notes.error(Code.BAD_TYPE, self._at((*place, keyword)), f"`{keyword}` {what}", help_text)

    def _types(self, place: tuple[str, ...], schema: dict[str, Any]) -> None:
        given = schema["type"]
        if isinstance(given, str) and given in JSON_TYPES:
            return
        types = given if isinstance(given, list) else [given]
        where = (*place, "type")
        if "any" in types:
            help_text = "leave `type` out; JSON Schema has no type of that name"
            self._notes.oddity(
                Code.ILLEGAL_TYPE, self._at(where), f"the type {_quoted(given)} is read as any type", help_text
            )
            del schema["type"]
            return
        wrong = [t for t in types if not isinstance(t, str) or t not in JSON_TYPES]
        if wrong or not types:
            word = str(wrong[0]) if wrong else "[]"
            usual = _USUAL_TYPES.get(word.lower())
            near = [usual] if usual else nearest(word, JSON_TYPES)
            help_text = f"did you mean `{near[0]}`?" if near else f"use one of {', '.join(JSON_TYPES)}"
            self._notes.error(Code.BAD_VALUE, self._at(where), f"a type cannot be {shown(word)}", help_text)
        elif len(set(types)) < len(types):
            schema["type"] = list(dict.fromkeys(types))
            message = f"the types {_quoted(given)} name one twice, which counts once"
            self._notes.oddity(Code.ILLEGAL_TYPE, self._at(where), message, "remove one of the two")

    def _names(self, place: tuple[str, ...], schema: dict[str, Any]) -> None:
        properties = schema.get("properties")
        for name in properties if isinstance(properties, dict) else ():
            if not _PLAIN.fullmatch(name):
                self._name(name, (*place, "properties", name), "the property name")

    def _name(self, name: str, at: Spot | tuple[str, ...], what: str) -> None:
        problem = None
        if name != name.strip() or not name:
            problem = "is empty" if not name else "starts or ends with a space"
        elif not name.isascii() and (unusual_character := _unusual_character(name)):
            problem = f"holds {unusual_character}"
        elif not name.isprintable():
            problem = "holds a control character"
        if problem:
            spot = at if isinstance(at, Spot) else self._at(at)
            message = f"{what} {shown(name)} {problem}; only calls with exactly this name meet it"
            self._notes.oddity(Code.ODD_NAME, spot, message, "fix the name, unless calls have it, too")

    def _refs(self, root: dict[str, Any], inside: list[tuple[tuple[str, ...], dict[str, Any]]]) -> None:
        """Rejects references that point outside the rule; nothing is ever fetched."""
        refs = [(place, schema, k) for place, schema in inside for k in _REFS if k in schema]
        if not refs:
            return
        known = {**self._documents, "": root}
        anchors = set()
        for _, schema in inside:
            for keyword in ("$id", "id"):
                if isinstance(name := schema.get(keyword), str):
                    known[urldefrag(urljoin(base_of(root), name))[0]] = schema
                    anchors |= {name[1:]} if name.startswith("#") else set()
            anchors |= {schema[k] for k in ("$anchor", "$dynamicAnchor") if isinstance(schema.get(k), str)}
        for place, schema, keyword in refs:
            self._ref((*place, keyword), schema[keyword], known, anchors)

    def _ref(self, place: tuple[str, ...], ref: Any, known: dict[str, dict[str, Any]], anchors: set[str]) -> None:
        if not isinstance(ref, str):
            self._notes.error(Code.BAD_TYPE, self._at(place), "a `$ref` must be text", "write it as `#/definitions/x`")
            return
        fragment = urldefrag(ref)[1]
        base = address(base_of(known[""]), ref)
        if base in METASCHEMAS:
            return
        if base not in known:
            message = f"the `$ref` {shown(ref)} points out of the plan, and nothing is fetched"
            help_text = "copy what it points to into `definitions` of the rule, and point there: `#/definitions/x`"
            self._notes.error(Code.FOREIGN_REF, self._at(place), message, help_text)
        elif not _leads_somewhere(fragment, known[base], anchors, local=not base):
            message = f"the `$ref` {shown(ref)} leads nowhere"
            self._notes.error(Code.FOREIGN_REF, self._at(place), message, "define it in the rule, or fix the name")

    def _distinct(self) -> list[int]:
        first: dict[tuple[str, str | None, int], int] = {}
        for index, rule in enumerate(self._rules):
            before = first.setdefault((rule.type, rule.key, rule.version), index)
            if before == index:
                continue
            spot = self._spots.of_rule(before)
            name = f"{rule.type} {shown(rule.key)}" if rule.key else rule.type
            where = f"on line {spot.line}" if spot.path == self._spots.of_rule(index).path else f"in {spot.path}"
            what = f"{name} version {rule.version} already has a rule, {where}"
            if rule.schema == self._rules[before].schema:
                say, more = self._notes.oddity, ", which says the same"
            else:
                say, more = self._notes.error, " and says something else"
            help_text = "remove one of the two; a later version of an event needs a higher `version`"
            if spot.path != self._spots.of_rule(index).path:
                help_text += "; to check against plans that stand in one folder, name their files"
            say(Code.DUPLICATE_DEFINITION, self._spots.of_rule(index), what + more, help_text)
        return sorted(first.values())


def _leads_somewhere(fragment: str, root: Any, anchors: set[str], *, local: bool) -> bool:
    from urllib.parse import unquote  # noqa: PLC0415

    if not fragment.startswith("/"):
        return not fragment or not local or fragment in anchors
    for key in pointer_keys(unquote(fragment)):
        if isinstance(root, dict) and key in root:
            root = root[key]
        elif isinstance(root, list) and key.isdecimal() and int(key) < len(root):
            root = root[int(key)]
        else:
            return False
    return isinstance(root, dict | bool)


def _unusual_character(name: str) -> str | None:
    for sign in name:
        if _TYPOGRAPHIC.match(sign) or (unicodedata.category(sign) in ("Cc", "Cf", "Zs", "Zl", "Zp") and sign != " "):
            return f"U+{ord(sign):04X} ({unicodedata.name(sign, 'a control character').lower()})"
    return None


def _quoted(given: Any) -> str:
    words = given if isinstance(given, list) else [given]
    text = ", ".join(f'"{word}"' for word in words)
    return shown(f"[{text}]" if isinstance(given, list) else text)
