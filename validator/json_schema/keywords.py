"""Tables of JSON Schema: the drafts, and for each keyword its drafts, content and types."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final


class Draft(StrEnum):
    """A draft of JSON Schema, in order of age."""

    DRAFT_4 = "draft-04"
    DRAFT_6 = "draft-06"
    DRAFT_7 = "draft-07"
    DRAFT_2019 = "2019-09"
    DRAFT_2020 = "2020-12"

    @property
    def age(self) -> int:
        """0 for the oldest."""
        return tuple(Draft).index(self)


METASCHEMAS: Final[Mapping[str, Draft]] = {
    "http://json-schema.org/draft-04/schema": Draft.DRAFT_4,
    "http://json-schema.org/draft-06/schema": Draft.DRAFT_6,
    "http://json-schema.org/draft-07/schema": Draft.DRAFT_7,
    "https://json-schema.org/draft/2019-09/schema": Draft.DRAFT_2019,
    "https://json-schema.org/draft/2020-12/schema": Draft.DRAFT_2020,
}
"""URIs of the drafts, which every schema may refer to: their metaschemas are bundled."""

_BY_PATH: Final = {uri.partition("://")[2]: draft for uri, draft in METASCHEMAS.items()}

# Keyword -> the first draft that has it and, if a later one dropped it, the last.
_EVERY: Final = (Draft.DRAFT_4, Draft.DRAFT_2020)
_SINCE_6: Final = (Draft.DRAFT_6, Draft.DRAFT_2020)
_SINCE_7: Final = (Draft.DRAFT_7, Draft.DRAFT_2020)
_SINCE_2019: Final = (Draft.DRAFT_2019, Draft.DRAFT_2020)

ASSERTIONS: Final[Mapping[str, tuple[Draft, Draft]]] = {
    **dict.fromkeys(
        [
            *("type", "enum", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"),
            *("maxLength", "minLength", "pattern", "format", "items", "maxItems", "minItems", "uniqueItems"),
            *("maxProperties", "minProperties", "required", "properties", "patternProperties"),
            *("additionalProperties", "allOf", "anyOf", "oneOf", "not", "$ref"),
        ],
        _EVERY,
    ),
    "additionalItems": (Draft.DRAFT_4, Draft.DRAFT_2019),
    "dependencies": (Draft.DRAFT_4, Draft.DRAFT_7),
    **dict.fromkeys(("const", "contains", "propertyNames"), _SINCE_6),
    **dict.fromkeys(("if", "then", "else"), _SINCE_7),
    **dict.fromkeys(
        [
            *("dependentRequired", "dependentSchemas", "minContains", "maxContains", "unevaluatedItems"),
            "unevaluatedProperties",
        ],
        _SINCE_2019,
    ),
    "$recursiveRef": (Draft.DRAFT_2019, Draft.DRAFT_2019),
    "$dynamicRef": (Draft.DRAFT_2020, Draft.DRAFT_2020),
    "prefixItems": (Draft.DRAFT_2020, Draft.DRAFT_2020),
}
"""The keywords that can make an instance invalid."""

NOTES: Final[Mapping[str, tuple[Draft, Draft]]] = {
    **dict.fromkeys(("$schema", "title", "description", "default", "definitions"), _EVERY),
    "id": (Draft.DRAFT_4, Draft.DRAFT_4),
    **dict.fromkeys(("$id", "examples"), _SINCE_6),
    **dict.fromkeys(("$comment", "readOnly", "writeOnly", "contentMediaType", "contentEncoding"), _SINCE_7),
    **dict.fromkeys(("$anchor", "$defs", "$vocabulary", "deprecated", "contentSchema"), _SINCE_2019),
    "$recursiveAnchor": (Draft.DRAFT_2019, Draft.DRAFT_2019),
    "$dynamicAnchor": (Draft.DRAFT_2020, Draft.DRAFT_2020),
}
"""The keywords that cannot make an instance invalid."""

KEYWORDS: Final[Mapping[str, tuple[Draft, Draft]]] = {**ASSERTIONS, **NOTES}

TYPES_OF: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(
        ("multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"), frozenset(["number", "integer"])
    ),
    **dict.fromkeys(("maxLength", "minLength", "pattern"), frozenset(["string"])),
    **dict.fromkeys(
        [
            *("items", "additionalItems", "prefixItems", "maxItems", "minItems", "uniqueItems", "contains"),
            *("minContains", "maxContains", "unevaluatedItems"),
        ],
        frozenset(["array"]),
    ),
    **dict.fromkeys(
        [
            *("maxProperties", "minProperties", "required", "properties", "patternProperties"),
            *("additionalProperties", "propertyNames", "dependencies", "dependentRequired"),
            *("dependentSchemas", "unevaluatedProperties"),
        ],
        frozenset(["object"]),
    ),
}
"""Keyword -> the JSON types it applies to; other keywords apply to all types."""

SCHEMAS: Final = frozenset([
    *("additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not"),
    *("propertyNames", "then", "unevaluatedItems", "unevaluatedProperties"),
])  # fmt: skip
"""The keywords that contain a schema."""

SCHEMA_LISTS: Final = frozenset(["allOf", "anyOf", "items", "oneOf", "prefixItems"])
"""The keywords that contain a list of schemas; `items` does in some drafts."""

SCHEMA_TABLES: Final = frozenset(
    ["$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"]
)
"""The keywords that contain schemas by name; `dependencies` also lists of names."""

IN_PLACE: Final = frozenset(
    ["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies"]
)
"""The keywords whose schemas apply to the value itself, not to a part of it."""

REFERENCES: Final = ("$ref", "$recursiveRef", "$dynamicRef")
"""The keywords that refer to a schema elsewhere."""

DATA: Final = frozenset(["enum", "const", "default", "examples", "example"])
"""The keywords that contain values, not schemas; OpenAPI's `example` too."""

SIZES: Final = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
"""The keywords for the length of a string and the number of elements or properties."""


def about(kind: str) -> frozenset[str]:
    """The keywords that apply to values of one JSON type only."""
    return frozenset(keyword for keyword, types in TYPES_OF.items() if types == {kind})


def draft_of(schema: object) -> Draft | None:
    """The draft of a schema by its `$schema`: draft-07 if it has none; None if unknown."""
    uri = schema.get("$schema") if isinstance(schema, dict) else None
    if uri is None:
        return Draft.DRAFT_7
    if not isinstance(uri, str):
        return None
    return _BY_PATH.get(uri.removesuffix("#").removeprefix("https://").removeprefix("http://"))


def known_in(keyword: str, draft: Draft, among: Mapping[str, tuple[Draft, Draft]] = KEYWORDS) -> bool:
    """Whether a draft has a keyword."""
    span = among.get(keyword)
    return span is not None and span[0].age <= draft.age <= span[1].age
