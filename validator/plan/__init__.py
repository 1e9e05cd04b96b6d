"""Tracking plans in Segment's own rule form. From here on nothing knows where a plan came from."""

from validator.plan.tracking_plan import DRAFT_7, PlanRule, TrackingPlan

__all__ = ["DRAFT_7", "PlanRule", "TrackingPlan"]
