"""Tracking plans in Segment's rule form, whatever format they were read from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from validator.plan.loaded_plan import LoadedPlan, Spot, Spots
    from validator.plan.read import read_plan
    from validator.plan.tracking_plan import DRAFT_7, PlanRule, TrackingPlan

__all__ = ["DRAFT_7", "LoadedPlan", "PlanRule", "Spot", "Spots", "TrackingPlan", "read_plan"]

# Name -> its module, imported on first use: importing only the format names stays cheap.
_HOME = {
    "DRAFT_7": "tracking_plan",
    "LoadedPlan": "loaded_plan",
    "PlanRule": "tracking_plan",
    "Spot": "loaded_plan",
    "Spots": "loaded_plan",
    "TrackingPlan": "tracking_plan",
    "read_plan": "read",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module(f"validator.plan.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
