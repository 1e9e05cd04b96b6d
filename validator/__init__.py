"""uclint: a tracking-plan validator and event linter for Segment-style events.

The Python API is what this module exports; everything else may change.
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
    from validator.report import FailOn, Finding, Policy, Report, Thresholds, Verdict, judge_report
    from validator.report.baseline import Baseline
    from validator.service.check import check_paths, check_stream
    from validator.service.compile_use_case import compile_use_case, message_schema
    from validator.service.doors import build_report, compile_program, merge, profile
    from validator.service.profiler import Profiler
    from validator.service.request import CheckRequest
    from validator.service.sources import ByteStream, FileRange

# Module -> the names that it has. Imported on first use: `import validator` costs next to nothing.
_MODULES = {
    "validator.catalog": ("Catalog", "Event", "Goal", "UseCase"),
    "validator.catalog.own_names": ("Names",),
    "validator.engine.compile.program": ("Program",),
    "validator.engine.compile.selection": ("Selection",),
    "validator.engine.count.profile": ("Profile",),
    "validator.engine.count.profile_json": ("SavedProfile",),
    "validator.errors": ("ConfigError", "OutputError", "PlanError", "UclintError", "UsageError"),
    "validator.model": ("Limits", "LineClass", "MaxErrors", "Place", "Severity"),
    "validator.plan": ("LoadedPlan", "PlanRule", "TrackingPlan", "read_plan"),
    "validator.render": ("renderer",),
    "validator.render.json": ("render_json",),
    "validator.render.text": ("render_text",),
    "validator.report": ("FailOn", "Finding", "Policy", "Report", "Thresholds", "Verdict", "judge_report"),
    "validator.report.baseline": ("Baseline",),
    "validator.service.check": ("check_paths", "check_stream"),
    "validator.service.compile_use_case": ("compile_use_case", "message_schema"),
    "validator.service.doors": ("build_report", "compile_program", "merge", "profile"),
    "validator.service.profiler": ("Profiler",),
    "validator.service.request": ("CheckRequest",),
    "validator.service.sources": ("ByteStream", "FileRange"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "Baseline", "ByteStream", "Catalog", "CheckRequest", "ConfigError", "Event", "FailOn", "FileRange", "Finding",
    "Goal", "Limits", "LineClass", "LoadedPlan", "MaxErrors", "Names", "OutputError", "Place", "PlanError",
    "PlanRule", "Policy", "Profile", "Profiler", "Program", "Report", "SavedProfile", "Selection", "Severity",
    "Thresholds", "TrackingPlan", "UclintError", "UsageError", "UseCase", "Verdict", "__version__", "build_report",
    "check_paths", "check_stream", "compile_program", "compile_use_case", "judge_report", "merge", "message_schema",
    "profile", "read_plan", "render_json", "render_text", "renderer",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOME:
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
