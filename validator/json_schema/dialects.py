"""The dialects of JSON Schema: the keywords of each draft, and other differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from validator.json_schema import applicators as of
from validator.json_schema import assertions as by
from validator.json_schema import unevaluated
from validator.json_schema.keywords import ASSERTIONS, METASCHEMAS, Draft, known_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from validator.json_schema.protocols import Frame

    Keyword = Callable[[Frame, Any], None]


class Dialect(NamedTuple):
    """One draft.

    Attributes:
        uri: Its `$schema`, without an empty fragment.
        keywords: The keywords evaluated, in order; those that depend on others come last.
        id: The keyword that names a schema resource.
        lone_ref: Whether `$ref` hides its siblings.
        whole_floats: Whether 3.0 is an integer.
    """

    uri: str
    keywords: Mapping[str, Keyword]
    id: str = "$id"
    lone_ref: bool = False
    whole_floats: bool = True

    def narrowed(self, metaschema: Any) -> Dialect:
        """A copy without assertions, if a custom metaschema omits their vocabulary."""
        vocabularies = metaschema.get("$vocabulary") if isinstance(metaschema, dict) else None
        if not isinstance(vocabularies, dict) or any(uri.endswith("/vocab/validation") for uri in vocabularies):
            return self
        return self._replace(keywords={k: f for k, f in self.keywords.items() if f.__module__ != by.__name__})


# In the order of evaluation; keywords that depend on others come last.
_FUNCTIONS: Mapping[str, Keyword] = {
    "$recursiveRef": of.recursive_ref,
    "$dynamicRef": of.dynamic_ref,
    "$ref": of.ref,
    "type": by.type_,
    "enum": by.enum,
    "multipleOf": by.multiple_of,
    "maximum": by.maximum,
    "minimum": by.minimum,
    "maxLength": by.max_length,
    "minLength": by.min_length,
    "pattern": by.pattern,
    "format": by.format_,
    "maxItems": by.max_items,
    "minItems": by.min_items,
    "uniqueItems": by.unique_items,
    "maxProperties": by.max_properties,
    "minProperties": by.min_properties,
    "required": by.required,
    "properties": of.properties,
    "patternProperties": of.pattern_properties,
    "additionalProperties": of.additional_properties,
    "allOf": of.all_of,
    "anyOf": of.any_of,
    "oneOf": of.one_of,
    "not": of.not_,
    "prefixItems": of.prefix_items,
    "items": of.items_or_list,
    "additionalItems": of.additional_items,
    "const": by.const,
    "exclusiveMaximum": by.exclusive_maximum,
    "exclusiveMinimum": by.exclusive_minimum,
    "propertyNames": of.property_names,
    "if": of.if_,
    "contains": of.contains,
    "dependencies": of.dependencies,
    "dependentRequired": by.dependent_required,
    "dependentSchemas": of.dependent_schemas,
    "unevaluatedItems": unevaluated.items,
    "unevaluatedProperties": unevaluated.properties,
}

_URIS = {draft: uri for uri, draft in METASCHEMAS.items()}


def _keywords(draft: Draft, without: frozenset[str] = frozenset(), **changed: Keyword) -> dict[str, Keyword]:
    """The keywords of a draft, with its own functions for those that changed."""
    has = {name: function for name, function in _FUNCTIONS.items() if known_in(name, draft, ASSERTIONS)}
    return {name: function for name, function in (has | changed).items() if name not in without}


DRAFT_4 = Dialect(
    _URIS[Draft.DRAFT_4],
    # There, they are part of `maximum` and `minimum`.
    _keywords(
        Draft.DRAFT_4,
        without=frozenset(["exclusiveMaximum", "exclusiveMinimum"]),
        maximum=by.maximum_4,
        minimum=by.minimum_4,
    ),
    id="id",
    lone_ref=True,
    whole_floats=False,
)
DRAFT_6 = Dialect(_URIS[Draft.DRAFT_6], _keywords(Draft.DRAFT_6), lone_ref=True)
DRAFT_7 = Dialect(_URIS[Draft.DRAFT_7], _keywords(Draft.DRAFT_7), lone_ref=True)
DRAFT_2019 = Dialect(_URIS[Draft.DRAFT_2019], _keywords(Draft.DRAFT_2019, contains=of.contains_counted))
DRAFT_2020 = Dialect(
    _URIS[Draft.DRAFT_2020], _keywords(Draft.DRAFT_2020, contains=of.contains_evaluating, items=of.items)
)

DIALECTS = {dialect.uri: dialect for dialect in (DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019, DRAFT_2020)}


def dialect_of(schema: Any, documents: Mapping[str, Any] | None = None) -> Dialect:
    """The dialect of a schema by its `$schema`, which may be a metaschema among the documents.

    Draft 7 if it has none, or an unknown one.
    """
    named = _named(schema)
    if named in DIALECTS or documents is None or named not in documents:
        return DIALECTS.get(named, DRAFT_7)
    metaschema = documents[named]
    return DIALECTS.get(_named(metaschema), DRAFT_7).narrowed(metaschema)


def _named(schema: Any) -> str:
    named = schema.get("$schema") if isinstance(schema, dict) else None
    return named.rstrip("#") if isinstance(named, str) else ""
