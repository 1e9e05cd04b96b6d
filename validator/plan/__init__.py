"""Tracking plans in Segment's own rule form. From here on nothing knows where a plan came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.plan.loaded import LoadedPlan, Spot, Spots
from validator.plan.tracking_plan import DRAFT_7, PlanRule, TrackingPlan

if TYPE_CHECKING:
    from validator.plan.read import read_plan

__all__ = ["DRAFT_7", "LoadedPlan", "PlanRule", "Spot", "Spots", "TrackingPlan", "read_plan"]


def __getattr__(name: str) -> Any:
    if name == "read_plan":  # what reads files is imported only where a file is read
        from validator.plan.read import read_plan  # noqa: PLC0415

        return read_plan
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
