"""Resolves references between schemas, with the `referencing` library, only within given documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import referencing
from referencing import exceptions
from referencing.jsonschema import lookup_recursive_ref, specification_with

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validator.json_schema.documents import Documents


class UnresolvableError(Exception):
    """A reference has no target."""


# Errors of the library if a reference is invalid or has no target.
_NOWHERE = (exceptions.Unresolvable, ValueError, TypeError)


def resolver(schema: Any, draft: str, documents: Documents) -> Any:
    """The resolver for references of a schema in a draft."""
    registry = documents.registries.get(draft)
    if registry is None:
        registry = documents.registries[draft] = _registry(draft, documents)
    resource = specification_with(draft).create_resource(schema)
    base = resource.id() or ""
    return registry.with_resource(base, resource).resolver(base_uri=base)


def _registry(draft: str, documents: Documents) -> Any:
    from jsonschema_specifications import REGISTRY  # noqa: PLC0415 - only schemas with references need it

    registry = REGISTRY
    for uri, document in documents.items():
        specification = specification_with(draft)
        try:
            resource = referencing.Resource.from_contents(document, default_specification=specification)
            registry = registry.with_resource(uri, resource).crawl()
        except (*_NOWHERE, AttributeError):  # not a schema: references to it have no target
            continue
    return registry


def lookup(at: Any, target: str) -> tuple[Any, Any]:
    """The target of a reference, and the resolver there."""
    try:
        resolved = at.lookup(target)
    except _NOWHERE as error:
        raise UnresolvableError(target) from error
    return resolved.contents, resolved.resolver


def lookup_recursive(at: Any, _target: str) -> tuple[Any, Any]:
    """The target of a `$recursiveRef`."""
    resolved = lookup_recursive_ref(at)
    return resolved.contents, resolved.resolver


LOOKUPS = {"$ref": lookup, "$recursiveRef": lookup_recursive, "$dynamicRef": lookup}


def entered(schema: Mapping[str, Any], at: Any, draft: str) -> Any:
    """The resolver inside a schema that is its own resource."""
    return at.in_subresource(specification_with(draft).create_resource(schema))
