"""The schemas by URI that came with a plan. What all its rules ask of them is worked out once."""

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
        vetted: The ids of those that were vetted by themselves; they stay as long as this holds them.
        followed: For each draft, the ids of what references in rules led to and was vetted there.
        registries: What finds them, made once for each draft.
    """

    def __init__(self, by_uri: Mapping[str, Any]) -> None:
        self._by_uri = dict(by_uri)
        self.vetted: set[int] = set()
        self.followed: defaultdict[str, set[int]] = defaultdict(set)
        self.registries: dict[str, Any] = {}

    @classmethod
    def of(cls, documents: Mapping[str, Any] | None) -> Documents:
        """The same, if they are that already."""
        return documents if isinstance(documents, Documents) else cls(documents or {})

    def __getitem__(self, uri: str) -> Any:
        return self._by_uri[uri]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_uri)

    def __len__(self) -> int:
        return len(self._by_uri)

    @cached_property
    def text(self) -> str:
        """All of them as JSON text."""
        return json.dumps(self._by_uri, sort_keys=True, default=str)

    @cached_property
    def digest(self) -> str:
        """What tells them from others."""
        from hashlib import blake2b  # noqa: PLC0415 - few schemas have names

        return blake2b(self.text.encode(), digest_size=8).hexdigest() if self._by_uri else ""

    @cached_property
    def is_dynamic(self) -> bool:
        """Whether what a reference in them leads to may depend on how it was reached."""
        return '"$recursiveRef"' in self.text or '"$dynamicRef"' in self.text
