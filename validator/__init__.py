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
    from validator.report import Baseline, FailOn, Finding, Policy, Report, Thresholds, Verdict, judge_report
    from validator.service.check import check_paths, check_stream
    from validator.service.compile_use_case import compile_use_case, message_schema
    from validator.service.doors import build_report, compile_program, merge, profile
    from validator.service.profiler import Profiler
    from validator.service.request import CheckRequest
    from validator.service.sources import ByteStream, FileRange

# Name -> the module that has it. Imported on first use: `import validator` costs next to nothing.
_HOME = {
    "Baseline": "validator.report",
    "build_report": "validator.service.doors",
    "ByteStream": "validator.service.sources",
    "Catalog": "validator.catalog",
    "check_paths": "validator.service.check",
    "check_stream": "validator.service.check",
    "CheckRequest": "validator.service.request",
    "compile_program": "validator.service.doors",
    "compile_use_case": "validator.service.compile_use_case",
    "ConfigError": "validator.errors",
    "Event": "validator.catalog",
    "FailOn": "validator.report",
    "FileRange": "validator.service.sources",
    "Finding": "validator.report",
    "Goal": "validator.catalog",
    "judge_report": "validator.report",
    "Limits": "validator.model",
    "LineClass": "validator.model",
    "LoadedPlan": "validator.plan",
    "MaxErrors": "validator.model",
    "merge": "validator.service.doors",
    "message_schema": "validator.service.compile_use_case",
    "Names": "validator.catalog.own_names",
    "OutputError": "validator.errors",
    "Place": "validator.model",
    "PlanError": "validator.errors",
    "PlanRule": "validator.plan",
    "Policy": "validator.report",
    "Profile": "validator.engine.count.profile",
    "profile": "validator.service.doors",
    "Profiler": "validator.service.profiler",
    "Program": "validator.engine.compile.program",
    "read_plan": "validator.plan",
    "render_json": "validator.render.json",
    "render_text": "validator.render.text",
    "renderer": "validator.render",
    "Report": "validator.report",
    "SavedProfile": "validator.engine.count.profile_json",
    "Selection": "validator.engine.compile.selection",
    "Severity": "validator.model",
    "Thresholds": "validator.report",
    "TrackingPlan": "validator.plan",
    "UclintError": "validator.errors",
    "UsageError": "validator.errors",
    "UseCase": "validator.catalog",
    "Verdict": "validator.report",
}

__all__ = [
    "Baseline",
    "ByteStream",
    "Catalog",
    "CheckRequest",
    "ConfigError",
    "Event",
    "FailOn",
    "FileRange",
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
    "Profiler",
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
    "build_report",
    "check_paths",
    "check_stream",
    "compile_program",
    "compile_use_case",
    "judge_report",
    "merge",
    "message_schema",
    "profile",
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
