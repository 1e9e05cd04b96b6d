"""Turns parts of a plan rule's JSON Schema into types and checks of a value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from validator.engine.compile.lowered_rule import Test
from validator.engine.compile.value_checks import (
    EVERYTHING,
    INTEGER,
    ITEMS,
    LISTS,
    OBJECTS,
    SCHEMA,
    SEARCHED,
    ValueCheck,
)
from validator.json_schema.budget import SLOW, longest_searched
from validator.json_schema.dialects import dialect_of
from validator.json_schema.documents import Documents
from validator.json_schema.evaluator import EXCEEDED, Evaluator
from validator.json_schema.keywords import REFERENCES, about
from validator.json_schema.regex_weight import weight_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validator.json_schema.evaluator import Path

# Keywords with a quick check, for values of one type.
_QUICK = frozenset([
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "pattern", "minItems", "maxItems"),
])  # fmt: skip
_OF_OBJECTS = about("object")
_OF_LISTS = about("array")

# Siblings of these keywords cannot be judged separately.
_TOGETHER = ("unevaluatedProperties", "unevaluatedItems")


def names(value: Any) -> list[Any]:
    """The values of `type` and similar keywords: one or several."""
    return value if isinstance(value, list) else [value]


def _searched(pattern: ValueCheck) -> list[ValueCheck]:
    """The check that a text is not too long for a pattern, if a line could hold such a text."""
    longest = longest_searched(weight_of(pattern.argument))
    if longest is None:
        return []
    return [ValueCheck(pattern.place, SEARCHED, longest, reported=EXCEEDED, where=pattern.where)]


class RuleSchema:
    """The schema of one plan rule; its methods take parts of it.

    Args:
        schema: The whole schema.
        documents: Schemas by URI that it may refer to.
        formats: Whether `format` is checked.
    """

    def __init__(self, schema: Any, documents: Mapping[str, Any], *, formats: bool) -> None:
        self.dialect = dialect_of(schema, documents)
        self._whole = schema
        self._formats = formats
        self._documents = Documents.of(documents)
        self._text = json.dumps(schema, sort_keys=True, default=str)
        self._evaluator: Evaluator | None = None
        self._refers = any(f'"{keyword}"' in self._text for keyword in REFERENCES)

    def test(self, place: str, schema: Any, where: Path) -> Test:
        """The test of the value at a place: types, quick checks, and a check by the whole schema for the rest."""
        if schema is True or schema == {}:
            return Test(None, ())
        if not isinstance(schema, dict) or not self.apart(schema):
            return Test(None, (self.check(place, schema, where),))
        rest = {k: v for k, v in schema.items() if k in self.dialect.keywords}
        types = frozenset(names(rest.pop("type"))) if "type" in rest else None
        checks = []
        if types is not None and "integer" in types and "number" not in types and self.dialect.whole_floats:
            checks.append(ValueCheck(place, INTEGER, None, reported="type", where=(*where, "type")))
        for keyword in list(rest):
            if quick := self._quick(place, keyword, schema, where):
                checks += quick
                rest.pop(keyword)
        if not self._formats:
            rest.pop("format", None)
        if rest:
            riders = {k: v for k, v in schema.items() if k not in self.dialect.keywords}
            checks.append(self.check(place, rest | riders, where))
        return Test(types, tuple(checks))

    def _quick(self, place: str, keyword: str, schema: Mapping[str, Any], where: Path) -> list[ValueCheck]:
        """The quick checks of a keyword, if there are any."""
        argument, reported = schema[keyword], keyword
        if keyword in ("minimum", "maximum") and schema.get("exclusiveM" + keyword[1:]) is True:
            keyword = "exclusiveM" + keyword[1:]  # draft 4
        if keyword == "items" and self._plain_items(schema):
            types = sorted(names(argument["type"]))
            return [ValueCheck(place, ITEMS, types, reported="type", where=(*where, "items", "type"))]
        if keyword == "format":
            return self._format(place, argument, where)
        if keyword in _QUICK or keyword in ("enum", "const"):
            check = ValueCheck(place, keyword, argument, reported=reported, where=(*where, reported))
            return [check, *_searched(check)] if keyword == "pattern" else [check]
        return []

    def _format(self, place: str, name: Any, where: Path) -> list[ValueCheck]:
        from validator.json_schema.formats import FORMATS  # noqa: PLC0415 - few plans have formats

        if not self._formats or name not in FORMATS or name in SLOW:
            return []
        return [ValueCheck(place, "format", name, where=(*where, "format"))]

    def _plain_items(self, schema: Mapping[str, Any]) -> bool:
        """Whether only the types of all elements matter."""
        items = schema["items"]
        if not isinstance(items, dict) or "prefixItems" in schema:
            return False
        keywords = set(self.keywords(items))
        return keywords == {"type"} and (self.dialect.whole_floats or "integer" not in names(items["type"]))

    def check(self, place: str, schema: Any, where: Path) -> ValueCheck:
        """The check of a value by a whole schema."""
        keywords = frozenset(self.keywords(schema)) if isinstance(schema, dict) else frozenset([""])
        types = OBJECTS if keywords <= _OF_OBJECTS else LISTS if keywords <= _OF_LISTS else EVERYTHING
        # Other parts of the schema matter only if it refers to them.
        elsewhere = [self._text, self._documents.digest] if self._refers else None
        identity = [schema, elsewhere, self.dialect.uri, len(self.dialect.keywords)]
        evaluator = self.evaluates().of(schema, where)
        return ValueCheck(place, SCHEMA, identity, where=where, evaluator=evaluator, types=types)

    def evaluates(self) -> Evaluator:
        """The evaluator for the remaining parts of the rule's schema."""
        if self._evaluator is None:
            self._evaluator = Evaluator(self._whole, self.dialect, documents=self._documents, formats=self._formats)
        return self._evaluator

    def keywords(self, schema: Any) -> list[str]:
        """The keywords of a schema that are evaluated."""
        if not isinstance(schema, dict):
            return [] if schema is True else [""]
        found = [k for k in schema if k in self.dialect.keywords]
        return found if self._formats else [k for k in found if k != "format"]

    def apart(self, schema: Mapping[str, Any]) -> bool:
        """Whether the keywords of a schema can be judged one by one."""
        if any(keyword in schema for keyword in _TOGETHER) and self.keywords(schema):
            return False
        return not (self.dialect.lone_ref and "$ref" in schema)

    def resources(self, schema: Any) -> bool:
        """Whether it contains schema resources, so that references depend on their position."""
        if not self._refers:
            return False
        return self._text.count(f'"{self.dialect.id}": "') > isinstance(schema.get(self.dialect.id), str)
