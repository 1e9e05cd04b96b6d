"""Reads a tracking plan of any format from a file or a folder."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from validator.errors import PlanError
from validator.model import Diagnostic
from validator.plan.folder_files import SUFFIXES, beside, files_of
from validator.plan.formats import format_named, format_of
from validator.plan.loaded_plan import LoadedPlan, Spots
from validator.plan.normalise import Normaliser
from validator.plan.tracking_plan import PlanRule, TrackingPlan
from validator.plan.unchecked_plan import Notes, Part
from validator.plan.wrong_document import describe
from validator.syntax import csv_document, json_document
from validator.syntax.plan_file import PlanFile
from validator.syntax.plan_file_codes import Code
from validator.syntax.read_text import StopError, read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validator.plan.unchecked_plan import PlanDraft
    from validator.syntax.document import Document

# Formats that split a plan into several files, all read with the named one -> a text near the start of each.
_SEVERAL: Final = {"rudderstack-yaml": b"rudder/", "uclint": b"uclint"}

# Formats that require an old draft.
_OF_OLD_DRAFTS: Final = ("snowplow",)

_TOO_LARGE: Final = "split it; no plan needs this much"


def read_plan(path: str | Path) -> LoadedPlan:
    """Reads a tracking plan; its format is recognised by its content.

    Args:
        path: A file, or a folder whose files make up one plan. For formats with several files, those in the same folder
            are read, too. Nothing else is opened, whatever the files refer to.

    Raises:
        PlanError: The plan cannot be used; the error lists every mistake.
    """
    where = Path(path)
    if where.is_dir():
        return _assembled(str(path), _folder(where))
    document = _read(where)
    form = _format_of(document)
    documents = {form: [document]}
    if form in _SEVERAL:
        others = [_read(other) for other in beside(where, _SEVERAL[form])]
        documents[form] += [o for o in others if format_of(o.value) == form and not _rivals(form, document, o)]
    return _assembled(str(path), documents)


def _rivals(form: str, named: Document, other: Document) -> bool:
    """Whether both are plans: then only the named one is read."""
    module: Any = format_named(form)
    return bool(module.is_plan(named.value) and module.is_plan(other.value))


def read_texts(path: str, texts: Mapping[str, str]) -> LoadedPlan:
    """Reads the plan in texts by file name, as `read_plan` does from a folder.

    Raises:
        PlanError: The plan cannot be used; the error lists every mistake.
    """
    found: dict[str, list[Document]] = {}
    for name, text in texts.items():
        document = _parsed(text, PlanFile(Path(path) / name))
        found.setdefault(_format_of(document), []).append(document)
    return _assembled(path, found)


def _assembled(path: str, documents: Mapping[str, list[Document]]) -> LoadedPlan:
    name, parts = next(iter(documents.items()))
    notes = Notes()
    roots = [Part(document, (), document.value, notes) for document in parts]
    form = format_named(name)
    draft = form.read(roots)
    return _checked(path, name, draft, notes)


def _checked(path: str, form: str, draft: PlanDraft, notes: Notes) -> LoadedPlan:
    """Checks and normalises the plan that a format has read."""
    spots = Spots([rule.sources for rule in draft.rules])
    old = form in _OF_OLD_DRAFTS
    kept = Normaliser(draft.rules, spots, notes, old_drafts=old, documents=draft.documents).normalise()
    notes.raise_errors()
    name = draft.name or Path(path).stem
    rules = tuple(PlanRule(r.type, r.key, r.schema, r.version) for r in (draft.rules[i] for i in kept))
    plan = TrackingPlan(draft.id or name, name, rules, draft.description, dict(draft.documents))
    oddities = sorted(notes.oddities, key=lambda d: (d.path, d.line, d.column, d.code))
    return LoadedPlan(plan, path, form, tuple(oddities), Spots([draft.rules[i].sources for i in kept]))


def _folder(folder: Path) -> dict[str, list[Document]]:
    """The documents in a folder that make up its plan, all of one format."""
    paths = files_of(folder)
    found: dict[str, list[Document]] = {}
    unknown: list[Document] = []
    for path in paths:
        document = _read(path)
        form = format_of(document.value)
        (unknown if form is None else found.setdefault(form, [])).append(document)
    schemas = found.pop("json-schema", []) if len(found) > 1 else []  # other files beside the plan
    if len(found) == 1 and not (unknown and schemas):
        return found
    if found:
        firsts = ", ".join(f"{documents[0].path} ({form})" for form, documents in found.items())
        raise _refused(str(folder), f"the folder holds plans of several formats: {firsts}", "name one of them")
    if unknown:
        raise PlanError([_not_a_plan(document) for document in unknown])
    help_text = f"give a file, or a folder with {', '.join(sorted(SUFFIXES))} files"
    raise _refused(str(folder), "the folder has no file of a tracking plan", help_text)


def _refused(path: str, message: str, help_text: str) -> PlanError:
    return PlanError([Diagnostic(Code.NOT_A_TRACKING_PLAN.value, path, 0, 0, message, help_text)])


def _format_of(document: Document) -> str:
    form = format_of(document.value)
    if form is None:
        raise PlanError([_not_a_plan(document)])
    return form


def _not_a_plan(document: Document) -> Diagnostic:
    message, help_text = describe(document.value)
    return Diagnostic(Code.NOT_A_TRACKING_PLAN.value, document.path, 1, 1, message, help_text)


def _read(path: Path) -> Document:
    file = PlanFile(path)
    try:
        text = read_text(path, csv_document.MAX_BYTES, _TOO_LARGE)
    except StopError as stop:
        file.report(_code(stop, path), stop.at, stop.message, stop.help)
        raise PlanError(file.diagnostics) from None
    return _parsed(text, file)


def _code(stop: StopError, path: Path) -> Code:
    if "larger than" in stop.message:
        return Code.TOO_LARGE
    return stop.code if path.exists() else Code.NOT_A_TRACKING_PLAN


def _parsed(text: str, file: PlanFile) -> Document:
    found: Document | None = None
    try:
        found = _by_content(text, file)
    except StopError as stop:
        file.report(stop.code, stop.at, stop.message, stop.help)
    if found is None or file.diagnostics:
        raise PlanError(file.diagnostics)
    return found


def _by_content(text: str, file: PlanFile) -> Document | None:
    if _is_csv(text):
        return csv_document.parse_csv(text, file)
    if len(text) > json_document.MAX_BYTES:
        raise StopError(None, f"the file is larger than {json_document.MAX_BYTES:,} bytes", _TOO_LARGE, Code.TOO_LARGE)
    if text.lstrip(" \t\r\n")[:1] in ("{", "["):
        return json_document.parse_json(text, file)
    from validator.syntax import yaml_document  # noqa: PLC0415 - it imports much

    if len(text) > yaml_document.LIMITS.size:
        message = f"the file is larger than {yaml_document.LIMITS.size:,} bytes"
        raise StopError(None, message, yaml_document.LIMITS.too_large, Code.TOO_LARGE)
    return yaml_document.parse_yaml(text, file)


def _is_csv(text: str) -> bool:
    first = text[:10_000].split("\n", 1)[0].lower()
    if "," not in first or "event" not in first or first.lstrip()[:1] in ("{", "["):
        return False
    try:
        columns = {name.strip() for name in next(csv.reader([first]), [])}
    except csv.Error:
        return False
    return bool(columns & {"event name", "event_name"})
