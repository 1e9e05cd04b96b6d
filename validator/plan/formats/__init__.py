"""The formats of tracking plans, one module each: how to recognise, read and write it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol

from validator.errors import PlanError
from validator.model import Diagnostic
from validator.syntax.codes import Code

if TYPE_CHECKING:
    from validator.plan.draft import Part, PlanDraft
    from validator.syntax.document import Document


class Format(Protocol):
    """A module of this package."""

    def recognises(self, value: Any) -> bool:
        """Whether a document is of this format."""

    def read(self, root: Part) -> PlanDraft:
        """The plan in it."""


# Name -> module, in the order in which a document is asked about.
_READERS: Final = {"segment": "segment"}


def find_format(document: Document) -> tuple[str, Format]:
    """The format of a document, by its content.

    Raises:
        PlanError: It is no tracking plan that uclint reads.
    """
    for name, module in _READERS.items():
        form: Any = import_module(f"validator.plan.formats.{module}")
        if form.recognises(document.value):
            return name, form
    raise PlanError([_unknown(document)])


def _unknown(document: Document) -> Diagnostic:
    return Diagnostic(
        Code.NOT_A_TRACKING_PLAN.value, document.path, 0, 0, "this is not a tracking plan that uclint reads", ""
    )
