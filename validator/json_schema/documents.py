"""The schemas supplied with a plan, by URI, with caches shared by all its rules."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Documents(Mapping[str, Any]):
    """Schemas by URI.

    Attributes:
        vetted: The ids of those vetted on their own; ids stay valid as long as this object holds the schemas.
        followed: For each draft, the ids of reference targets that were vetted.
        registries: A registry for each draft, created once.
    """

    def __init__(self, by_uri: Mapping[str, Any]) -> None:
        self._by_uri = dict(by_uri)
        self.vetted: set[int] = set()
        self.followed: defaultdict[str, set[int]] = defaultdict(set)
        self.registries: dict[str, Any] = {}

    @classmethod
    def of(cls, documents: Mapping[str, Any] | None) -> Documents:
        """Wraps a mapping, unless it is wrapped already."""
        return documents if isinstance(documents, Documents) else cls(documents or {})

    def __getitem__(self, uri: str) -> Any:
        return self._by_uri[uri]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_uri)

    def __len__(self) -> int:
        return len(self._by_uri)

    @cached_property
    def text(self) -> str:
        """All schemas as JSON text."""
        return json.dumps(self._by_uri, sort_keys=True, default=str)

    @cached_property
    def digest(self) -> str:
        """A digest that identifies them."""
        from hashlib import blake2b  # noqa: PLC0415 - few schemas have names

        return blake2b(self.text.encode(), digest_size=8).hexdigest() if self._by_uri else ""

    @cached_property
    def is_dynamic(self) -> bool:
        """Whether reference targets may depend on the path of evaluation (dynamic references)."""
        return '"$recursiveRef"' in self.text or '"$dynamicRef"' in self.text
