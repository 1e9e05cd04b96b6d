"""Reports the mistakes in a plan file, each with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.syntax.near_name import nearest
from validator.syntax.plan_file import shown
from validator.syntax.plan_file_codes import Code

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Final

    from validator.syntax.plan_file import PlanFile, Spot
    from validator.syntax.yaml_tree import Scalar

_TRUE: Final = frozenset({"yes", "true", "on"})


class Problems:
    """Reports the mistakes in one file."""

    __slots__ = ("_file",)

    def __init__(self, file: PlanFile) -> None:
        self._file = file

    def bad_type(self, at: Spot, message: str, help_text: str) -> None:
        """Report PL603."""
        self.report(Code.BAD_TYPE, at, message, help_text)

    def bad_value(self, at: Spot, message: str, help_text: str) -> None:
        """Report PL607."""
        self.report(Code.BAD_VALUE, at, message, help_text)

    def report(self, code: Code, at: Spot, message: str, help_text: str) -> None:
        """Report anything else."""
        self._file.report(code, at, message, help_text)

    def unknown_name(self, at: Spot, message: str, name: str, known: Mapping[str, object]) -> None:
        """Report PL604: a name that is defined nowhere."""
        self.report(Code.UNKNOWN_NAME, at, message, suggestion(name, known))

    def duplicate_key(self, key: Scalar, first: Scalar) -> None:
        """Report PL601: a duplicate key."""
        message = f"the key {shown(key.text)} is already on line {first.line}"
        self.report(Code.DUPLICATE_KEY, key, message, "keep one of the two")

    def unknown_key(self, key: Scalar, what: str, absent: Collection[str], known: Collection[str]) -> str | None:
        """Report PL602: an unknown key; returns the missing key that was probably meant."""
        near = next(iter(nearest(key.text, absent)), None)
        help_text = f"did you mean `{near}`?" if near else suggestion(key.text, known)
        self.report(Code.UNKNOWN_KEY, key, f"{what} has no key {shown(key.text)}", help_text)
        return near

    def not_text(self, node: Scalar, what: str) -> None:
        """Report PL603: a value that is not text, though it may look like it."""
        if not node.text:
            self.bad_type(node, f"{what} must be text, but the value is empty, which is read as null", "write the text")
            return
        read_as = {
            "boolean": f"the boolean {str(node.text.lower() in _TRUE).lower()}",
            "null": "null",
            "date": "a date",
        }.get(node.kind, "a number")
        message = f"{what} must be text, but {shown(node.text)} is read as {read_as}"
        self.bad_type(node, message, f'put it in quotes: "{shown(node.text)[1:-1]}"')


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """Help for a wrong word: similar words, else all of them."""
    names = tuple(known)
    if near := nearest(wrong, names):
        return f"did you mean {' or '.join(f'`{name}`' for name in near)}?"
    return f"use one of {', '.join(f'`{name}`' for name in names)}" if names else "define it first"
