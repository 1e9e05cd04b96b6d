"""References between schemas, by the `referencing` library: within the documents at hand, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import referencing
from referencing import exceptions
from referencing.jsonschema import lookup_recursive_ref, specification_with

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validator.engine.schema.dialect import Dialect


class UnresolvableError(Exception):
    """A reference leads nowhere."""


def resolver(schema: Any, dialect: Dialect, documents: Mapping[str, Any]) -> Any:
    """What references of a schema are resolved by."""
    from jsonschema_specifications import REGISTRY  # noqa: PLC0415 - only schemas with references need it

    specification = specification_with(dialect.uri)
    registry = REGISTRY.with_resources(
        (uri, referencing.Resource.from_contents(document, default_specification=specification))
        for uri, document in documents.items()
    )
    resource = specification.create_resource(schema)
    base = resource.id() or ""
    return registry.with_resource(base, resource).resolver(base_uri=base)


def lookup(at: Any, target: str) -> tuple[Any, Any]:
    """The schema that a reference names, and the resolver there."""
    try:
        resolved = at.lookup(target)
    except exceptions.Unresolvable as error:
        raise UnresolvableError(target) from error
    return resolved.contents, resolved.resolver


def lookup_dynamic(at: Any, target: str) -> tuple[Any, Any]:
    """The schema that a `$dynamicRef` names."""
    return lookup(at, target)


def lookup_recursive(at: Any) -> tuple[Any, Any]:
    """The schema that a `$recursiveRef` names."""
    resolved = lookup_recursive_ref(at)
    return resolved.contents, resolved.resolver


def entered(schema: Mapping[str, Any], at: Any, dialect: Dialect) -> Any:
    """The resolver inside a schema that is a resource of its own."""
    return at.in_subresource(specification_with(dialect.uri).create_resource(schema))
