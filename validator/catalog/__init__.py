"""The catalog: goals, use cases and the events they recommend, read from plan files."""

from validator.catalog.catalog import Catalog
from validator.catalog.model import (
    DESTINATION_TYPES,
    SOURCE_TYPES,
    CallMatch,
    Event,
    EventUse,
    Goal,
    Property,
    UseCase,
)

__all__ = [
    "DESTINATION_TYPES", "SOURCE_TYPES", "CallMatch", "Catalog", "Event", "EventUse", "Goal", "Property", "UseCase",
]  # fmt: skip
