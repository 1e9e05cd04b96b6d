"""What a Profile means for the plans: coverage, violations, findings. A pure function of both."""

from validator.report.assess import assess
from validator.report.identity import fingerprints
from validator.report.model import EventReport, Finding, PlanReport, PropertyReport, Report, UseCaseReport
from validator.report.verdict import FailOn, Verdict, judge_report

__all__ = [
    "EventReport",
    "FailOn",
    "Finding",
    "PlanReport",
    "PropertyReport",
    "Report",
    "UseCaseReport",
    "Verdict",
    "assess",
    "fingerprints",
    "judge_report",
]
