"""Reads a tracking plan of any format from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from validator.errors import PlanError
from validator.plan.draft import Notes, Part
from validator.plan.formats import find_format
from validator.plan.loaded import LoadedPlan, Spots
from validator.plan.mend import Mender
from validator.plan.tracking_plan import PlanRule, TrackingPlan
from validator.syntax.codes import Code
from validator.syntax.json_document import MAX_BYTES, parse_json
from validator.syntax.plan_file import PlanFile
from validator.syntax.text import StopError, read_text

if TYPE_CHECKING:
    from validator.plan.draft import PlanDraft
    from validator.syntax.document import Document


def read_plan(path: str | Path) -> LoadedPlan:
    """Reads a tracking plan; its format is recognised by what it says.

    Nothing but the file (or the files of the folder) is opened, whatever it says.

    Raises:
        PlanError: It cannot be used; with everything that is wrong.
    """
    document = _document(Path(path))
    name, module = find_format(document)
    notes = Notes()
    draft = module.read(Part(document, (), document.value, notes))
    return finish(str(path), name, draft, notes)


def finish(path: str, form: str, draft: PlanDraft, notes: Notes) -> LoadedPlan:
    """The plan of what a format has read, after the checks that all plans go through.

    Raises:
        PlanError: Something in it cannot be used.
    """
    spots = Spots([rule.sources for rule in draft.rules])
    kept = Mender(draft.rules, spots, notes).mend()
    if notes.errors:
        raise PlanError(sorted(notes.errors, key=lambda d: (d.path, d.line, d.column, d.code)))
    name = draft.name or Path(path).stem
    rules = tuple(PlanRule(r.type, r.key, r.schema, r.version) for r in (draft.rules[i] for i in kept))
    plan = TrackingPlan(draft.id or name, name, rules, draft.description)
    kept_spots = Spots([draft.rules[i].sources for i in kept])
    oddities = sorted(notes.oddities, key=lambda d: (d.path, d.line, d.column, d.code))
    return LoadedPlan(plan, path, form, tuple(oddities), kept_spots)


def _document(path: Path) -> Document:
    file = PlanFile(path)
    found: Document | None = None
    try:
        text = read_text(path, MAX_BYTES, "split it; no plan needs this much")
        if text.lstrip(" \t\r\n")[:1] in ("{", "["):
            found = parse_json(text, file)
        else:
            from validator.syntax.yaml_document import parse_yaml  # noqa: PLC0415 - it imports much

            found = parse_yaml(text, file)
    except StopError as stop:
        code = Code.TOO_LARGE if "larger than" in stop.message else stop.code
        file.report(code, stop.at, stop.message, stop.help)
    if found is None or file.diagnostics:
        raise PlanError(file.diagnostics)
    return found
