"""Questions on a terminal. Answers are numbers or names; `back` returns to the question before."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import click

from validator.errors import UsageError
from validator.render.terminal_style import columns, wrap
from validator.syntax.near_name import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from validator.render.terminal_style import Style

BACK = "back"
HOW_TO_ANSWER = (
    "Answer with a number or a name; Enter takes what is in brackets. `back` returns to the question before. Ctrl-C "
    "stops and keeps what was saved."
)

# An answer starts on a line of its own where the question leaves less room.
_ROOM = 16


class BackError(Exception):
    """The answer was `back`."""


class Option(NamedTuple):
    """One of several things to choose from.

    Attributes:
        name: Its name.
        slug: Another name that is accepted.
        about: What is shown below its name, a paragraph each.
    """

    name: str
    slug: str = ""
    about: tuple[str, ...] = ()


class Prompts:
    """Asks questions.

    Args:
        style: The style of the terminal.
    """

    def __init__(self, style: Style) -> None:
        self.style = style
        if os.environ.get("TERM") != "dumb":
            with suppress(ImportError):
                import readline  # noqa: F401, PLC0415 - lets answers be edited

    def say(self, text: str = "", indent: int = 0, further: int = 0) -> None:
        """Prints a paragraph; its text is escaped.

        Args:
            text: The paragraph.
            indent: Columns before its first line.
            further: Columns before its other lines.
        """
        for line in wrap(" " * indent + self.style.text(text), self.style, further):
            click.echo(line)

    def show(self, text: str) -> None:
        """Prints text that is laid out and escaped already."""
        click.echo(text, nl=not text.endswith("\n"))

    def text(self, question: str, default: str | None = None, check: Callable[[str], object] | None = None) -> str:
        """Asks for a text.

        Args:
            question: The question, without a mark at its end.
            default: What Enter means.
            check: Raises a UsageError for a text that is refused; the question is asked again.
        """
        while True:
            answer = self._answer(question, default or "", "") or default
            if not answer:
                self.say(f"type a name, or {BACK}")
                continue
            try:
                if check:
                    check(answer)
            except UsageError as error:
                self.say(str(error))
            else:
                return answer

    def yes(self, question: str, *, default: bool) -> bool:
        """Asks a question with yes or no as its answer."""
        while True:
            answer = self._answer(question, "Y/n" if default else "y/N", "?").casefold()
            if answer in ("", "y", "yes", "n", "no"):
                return answer[:1] == "y" if answer else default
            self.say(f"answer y or n, or {BACK}")

    def one(self, question: str, options: Sequence[Option], default: int | None = None) -> int:
        """Asks for one of several options; returns its position.

        Args:
            question: The question, without a mark at its end.
            options: At least one.
            default: The position of what Enter means.
        """
        self._show(options)
        while True:
            answer = self._answer(question, "" if default is None else options[default].name, "")
            if not answer and default is not None:
                return default
            found = self._position(answer, options)
            if found is not None:
                return found

    def several(self, question: str, options: Sequence[Option], default: Sequence[int] = ()) -> list[int]:
        """Asks for some of several options; returns their positions."""
        self._show(options)
        while True:
            answer = self._answer(question, ", ".join(options[at].name for at in default), "")
            if not answer and default:
                return list(default)
            found = [self._position(part.strip(), options) for part in answer.split(",") if part.strip() or not answer]
            if found and None not in found:
                return list(dict.fromkeys(at for at in found if at is not None))
            if found[1:]:
                self.say("separate names and numbers by commas")

    def _show(self, options: Sequence[Option]) -> None:
        for number, option in enumerate(options, 1):
            self.say(f"{number:>3}. {option.name}", further=5)
            for paragraph in option.about:
                self.say(paragraph, indent=5, further=5)

    def _answer(self, question: str, hint: str, mark: str) -> str:
        """Reads an answer.

        Raises:
            BackError: It was `back`.
            Abort: Ctrl-C or Ctrl-D was pressed.
        """
        shown = f"{question}{mark}" + (f" [{hint}]" if hint else "") + ("" if mark else ":")
        *lines, prompt = wrap(self.style.text(shown), self.style)
        if columns(prompt) > self.style.width - _ROOM:
            lines, prompt = [*lines, prompt], ">"
        for line in lines:
            click.echo(line)
        while True:
            try:
                answer = input(f"{prompt} ").strip()
            except (EOFError, KeyboardInterrupt):
                raise click.Abort from None
            except UnicodeDecodeError:
                self.say("that is not valid text; type it again")
                continue
            if answer.casefold() == BACK:
                raise BackError
            return answer

    def _position(self, answer: str, options: Sequence[Option]) -> int | None:
        """The option that an answer selects; None, after printing why, where it selects none."""
        numbers = [str(number) for number in range(1, len(options) + 1)]
        if answer in numbers:
            return numbers.index(answer)
        for at, option in enumerate(options):
            if answer.casefold() in (option.name.casefold(), option.slug.casefold()) and answer:
                return at
        near = _near(answer, options) if answer else []
        if len(near) == 1:
            with suppress(BackError):
                if self.yes(f"There is no {answer!r}. Did you mean {near[0]}", default=True):
                    return next(at for at, option in enumerate(options) if option.name == near[0])
        elif near:
            self.say(f"there is no {answer!r}; did you mean {' or '.join(near)}?")
        else:
            self.say(f"{f'there is no {answer!r}; ' if answer else ''}answer with {self._known(options)}, or {BACK}")
        return None

    @staticmethod
    def _known(options: Sequence[Option]) -> str:
        return "1 or its name" if len(options) == 1 else f"a number from 1 to {len(options)}, a name of the list"


def _near(answer: str, options: Iterable[Option]) -> list[str]:
    """The options that an answer was probably meant to be, by their names or by words of them."""
    names = {option.name: option.slug or option.name for option in options}
    if found := nearest(answer, names):
        return found
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes need it

    words = answer.casefold().split()
    known = {name: re.findall(r"\w+", name.casefold()) for name in names}
    return [name for name, of in known.items() if all(get_close_matches(word, of, 1, 0.75) for word in words)][:3]


def in_turn(questions: Sequence[Callable[[], object]], *, last: bool = False) -> None:
    """Asks questions one after another; `back` returns to the one before.

    Args:
        questions: At least one.
        last: Whether to begin with the last one, since `back` led here.

    Raises:
        BackError: The answer to the first one was `back`.
    """
    at = len(questions) - 1 if last else 0
    while at < len(questions):
        try:
            questions[at]()
        except BackError:
            if at == 0:
                raise
            at -= 1
        else:
            at += 1
