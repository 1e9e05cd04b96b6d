"""Resolves references between documents of a folder, and finds which documents are parts of others."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urldefrag, urljoin

from validator.json_schema.keywords import METASCHEMAS
from validator.json_schema.subschemas import subschemas
from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from validator.plan.unchecked_plan import Part

_LONGEST_BASE = 2_000


class Folder(NamedTuple):
    """The documents of a folder.

    Attributes:
        events: Documents that no other refers to.
        documents: The others, by address.
    """

    events: list[Part]
    documents: dict[str, Any]


def base_of(schema: Mapping[str, Any]) -> str:
    """The address in a schema's id; empty if it has none, or a very long one."""
    base = schema.get("$id", schema.get("id"))
    return base if isinstance(base, str) and len(base) <= _LONGEST_BASE else ""


def address(base: str, ref: str) -> str:
    """The address of the document that a reference points to; empty for its own document."""
    plain = urldefrag(ref)[0]
    return urldefrag(urljoin(base, plain))[0] if plain else ""


def refers_out(schema: Mapping[str, Any], documents: Mapping[str, Any]) -> bool:
    """Whether a schema refers to one of the documents."""
    return any(address(base_of(schema), ref) in documents for _, ref in _refs(schema))


def sort_out(roots: list[Part]) -> Folder:
    """Separates events from documents that are parts of others; reports references without target."""
    named: dict[str, Part] = {}
    for root in roots:
        named.setdefault(PurePath(root.document.path).name, root)
        if base := base_of(root.value):
            named.setdefault(urldefrag(base)[0], root)
    used: dict[str, Part] = {}
    for root in roots:
        for _, ref in _refs(root.value):
            target = named.get(address(base_of(root.value), ref))
            if target is not None and target is not root:
                used[address(base_of(root.value), ref)] = target
    parts = {id(part) for part in used.values()}
    events = [root for root in roots if id(root) not in parts]
    if not events:  # circular references: each is an event as well
        return Folder(roots, {key: part.value for key, part in used.items()})
    for part in {id(part): part for part in used.values()}.values():
        _check(part, named)
    return Folder(events, {key: part.value for key, part in used.items()})


def _refs(schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    for place, inner in subschemas(schema):
        if isinstance(ref := inner.get("$ref"), str):
            yield (*place, "$ref"), ref


def _check(part: Part, named: Mapping[str, Part]) -> None:
    for place, ref in _refs(part.value):
        target = address(base_of(part.value), ref)
        if target and target not in named and target not in METASCHEMAS:
            at = part
            for key in place:
                at = at.get(key)
            message = f"the `$ref` {shown(ref)} points out of the plan, and nothing is fetched"
            part.notes.error(Code.FOREIGN_REF, at.spot, message, "put the document into the folder of the plan")
