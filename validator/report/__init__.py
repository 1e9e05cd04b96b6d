"""What a Profile means for the plans: coverage, violations, findings. A pure function of both."""

from validator.report.assess import assess
from validator.report.fingerprints import fingerprints
from validator.report.model import EventReport, Finding, PlanReport, PropertyReport, Report, TypesReport, UseCaseReport
from validator.report.rule_policy import Policy
from validator.report.verdict import FailOn, Thresholds, Verdict, judge_report

__all__ = [
    "EventReport", "FailOn", "Finding", "PlanReport", "Policy", "PropertyReport", "Report", "Thresholds",
    "TypesReport", "UseCaseReport", "Verdict", "assess", "fingerprints", "judge_report",
]  # fmt: skip
