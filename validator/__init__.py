"""uclint: a tracking-plan validator and event linter for Segment-style events.

The Python API is what this module names; everything else may change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator._version import __version__

if TYPE_CHECKING:
    from validator.catalog import Catalog, Event, Goal, UseCase
    from validator.catalog.own_names import Names
    from validator.engine.compile.program import Program
    from validator.engine.compile.selection import Selection
    from validator.engine.count.profile import Profile
    from validator.engine.count.profile_json import SavedProfile
    from validator.errors import ConfigError, OutputError, PlanError, UclintError, UsageError
    from validator.model import Limits, LineClass, MaxErrors, Place, Severity
    from validator.plan import LoadedPlan, PlanRule, TrackingPlan, read_plan
    from validator.render import render_json, render_text, renderer
    from validator.report import Baseline, FailOn, Finding, Policy, Report, Thresholds, Verdict, assess, judge_report
    from validator.service.check import check_paths, check_stream
    from validator.service.compile_use_case import compile_use_case, message_schema
    from validator.workers.sequential import read_inputs

# Name -> the module that has it. Imported on first use: `import validator` costs next to nothing.
_HOME = {
    "Baseline": "validator.report",
    "Catalog": "validator.catalog",
    "ConfigError": "validator.errors",
    "Event": "validator.catalog",
    "FailOn": "validator.report",
    "Finding": "validator.report",
    "Selection": "validator.engine.compile.selection",
    "Goal": "validator.catalog",
    "Limits": "validator.model",
    "LineClass": "validator.model",
    "LoadedPlan": "validator.plan",
    "MaxErrors": "validator.model",
    "Names": "validator.catalog.own_names",
    "OutputError": "validator.errors",
    "Place": "validator.model",
    "PlanError": "validator.errors",
    "PlanRule": "validator.plan",
    "Policy": "validator.report",
    "Profile": "validator.engine.count.profile",
    "Program": "validator.engine.compile.program",
    "Report": "validator.report",
    "SavedProfile": "validator.engine.count.profile_json",
    "Severity": "validator.model",
    "Thresholds": "validator.report",
    "TrackingPlan": "validator.plan",
    "UclintError": "validator.errors",
    "UsageError": "validator.errors",
    "UseCase": "validator.catalog",
    "Verdict": "validator.report",
    "assess": "validator.report",
    "check_paths": "validator.service.check",
    "check_stream": "validator.service.check",
    "compile_use_case": "validator.service.compile_use_case",
    "judge_report": "validator.report",
    "message_schema": "validator.service.compile_use_case",
    "read_inputs": "validator.workers.sequential",
    "read_plan": "validator.plan",
    "render_json": "validator.render.json",
    "render_text": "validator.render.text",
    "renderer": "validator.render",
}

__all__ = [
    "Baseline",
    "Catalog",
    "ConfigError",
    "Event",
    "FailOn",
    "Finding",
    "Goal",
    "Limits",
    "LineClass",
    "LoadedPlan",
    "MaxErrors",
    "Names",
    "OutputError",
    "Place",
    "PlanError",
    "PlanRule",
    "Policy",
    "Profile",
    "Program",
    "Report",
    "SavedProfile",
    "Selection",
    "Severity",
    "Thresholds",
    "TrackingPlan",
    "UclintError",
    "UsageError",
    "UseCase",
    "Verdict",
    "__version__",
    "assess",
    "check_paths",
    "check_stream",
    "compile_use_case",
    "judge_report",
    "message_schema",
    "read_inputs",
    "read_plan",
    "render_json",
    "render_text",
    "renderer",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
