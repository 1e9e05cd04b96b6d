"""Reads the file of a setup, strictly: whatever is wrong in it is told with its line and column."""

from __future__ import annotations

import datetime
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validator.catalog import DESTINATION_TYPES, SOURCE_TYPES
from validator.errors import SetupError
from validator.setup.state import VERSION, Course, Destination, Env, Environment, Mark, Proof, Setup, Source
from validator.syntax.near_name import nearest
from validator.syntax.read_text import StopError, read_text
from validator.syntax.toml_document import TomlDocument

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from validator.syntax.document import Keys

MAX_BYTES = 1 << 20
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9._-])?")
POINTER = re.compile(r"(?:/(?:[^/~]|~[01])+)+")

_CONFLICT = re.compile(r"^(?:<<<<<<< |=======$|>>>>>>> )", re.MULTILINE)
_COURSE = ("id", "chosen", "reviewed", "verified_in_dev", "published", "verified_in_prod")
_SOURCE = ("type", "when", "added", "seen", "confirmed")
_DESTINATION = ("type", "from", "integration", "added", "seen", "confirmed")
_PROOF = ("on", "calls", "libraries", "first", "last")

NOBODY = Mark(datetime.date(1970, 1, 1), "nobody")


def read_setup(path: str, use_cases: Collection[str]) -> tuple[Setup, str | None]:
    """The setup that a file keeps, and the text of the file; an empty setup and None where there is no file.

    Args:
        path: The file.
        use_cases: The use cases there are, as `goal/use-case`.

    Raises:
        SetupError: With everything that is wrong in it.
    """
    text = text_of(path)
    if text is None:
        return Setup(), None
    if found := _CONFLICT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise SetupError([f"{path}:{line}:1: a merge conflict is not resolved here; keep one of the two sides"])
    try:
        document = TomlDocument(path, text)
    except StopError as stop:
        raise _stopped(path, stop) from None
    return _Reading(document, use_cases).setup(), text


def text_of(path: str) -> str | None:
    """The content of the file; None where there is none.

    Raises:
        SetupError: It cannot be read.
    """
    file = Path(path)
    if not file.exists() and not file.is_symlink():
        return None
    try:
        return read_text(file, MAX_BYTES, "a setup is small: this is another file")
    except StopError as stop:
        raise _stopped(path, stop) from None


def _stopped(path: str, stop: StopError) -> SetupError:
    place = f"{path}:{stop.at.line}:{stop.at.column}" if stop.at else path
    return SetupError([f"{place}: {stop.message}; {stop.help}"])


class _Reading:
    def __init__(self, document: TomlDocument, use_cases: Collection[str]) -> None:
        self.document = document
        self.use_cases = use_cases
        self.mistakes: dict[tuple[int, int, str], None] = {}

    def setup(self) -> Setup:
        value = self.document.value
        self.known((), value, ("version", "use_case", "dev", "prod"))
        version = value.get("version")
        if version != VERSION or isinstance(version, bool):
            newer = "; a newer uclint wrote it" if isinstance(version, int) and version > VERSION else ""
            self.mistake(("version",), f"`version` must be {VERSION}{newer}")
        setup = Setup(self.courses(value.get("use_case", [])), *(self.environment(env.value, value) for env in Env))
        self.names_apart(setup)
        if self.mistakes:
            path = self.document.path
            raise SetupError([f"{path}:{line}:{column}: {text}" for line, column, text in sorted(self.mistakes)])
        return setup

    def courses(self, value: Any) -> tuple[Course, ...]:
        if not isinstance(value, list):
            self.mistake(("use_case",), "`use_case` must be a list of tables, each under `[[use_case]]`")
            return ()
        courses = [self.course(("use_case", n), v) for n, v in enumerate(value)]
        for number, course in enumerate(courses):
            if course.prod is None and number < len(courses) - 1:
                self.mistake(
                    ("use_case", number + 1),
                    f"another use case can only follow once {course.use_case} is verified in prod; "
                    "remove this one, or take that one to prod first",
                )
            if any(c.use_case == course.use_case for c in courses[:number]):
                self.mistake(("use_case", number, "id"), f"{course.use_case} stands here twice; remove one")
        return tuple(courses)

    def course(self, way: Keys, value: Any) -> Course:
        table = self.table(way, value, _COURSE, ("id", "chosen"))
        name = self.text((*way, "id"), table.get("id", ""))
        if name and name not in self.use_cases:
            near = nearest(name, list(self.use_cases))
            hint = f"did you mean {' or '.join(near)}?" if near else "uclint use-cases lists all"
            self.mistake((*way, "id"), f"there is no use case `{name[:80]}`; {hint}")
        steps = {key: table.get(key) for key in _COURSE[2:]}
        for before, after in pairwise(_COURSE[2:]):
            if steps[after] is not None and steps[before] is None:
                self.mistake((*way, after), f"`{after}` stands here without `{before}`, which comes first")
        return Course(
            name,
            self.mark((*way, "chosen"), table.get("chosen")) or NOBODY,
            self.mark((*way, "reviewed"), steps["reviewed"]),
            self.proof((*way, "verified_in_dev"), steps["verified_in_dev"]),
            self.mark((*way, "published"), steps["published"]),
            self.proof((*way, "verified_in_prod"), steps["verified_in_prod"]),
        )

    def environment(self, env: str, value: Mapping[str, Any]) -> Environment:
        table = self.table((env,), value.get(env, {}), ("sources", "destinations"))
        sources = self.table((env, "sources"), table.get("sources", {}), None)
        destinations = self.table((env, "destinations"), table.get("destinations", {}), None)
        known = {name: self.source((env, "sources", name), entry) for name, entry in sources.items()}
        return Environment(
            known,
            {name: self.destination((env, "destinations", name), v, known) for name, v in destinations.items()},
        )

    def source(self, way: Keys, value: Any) -> Source:
        self.name(way)
        table = self.table(way, value, _SOURCE, ("type", "added"))
        return Source(
            str(way[-1]),
            self.choice((*way, "type"), table.get("type", SOURCE_TYPES[0]), SOURCE_TYPES),
            self.mark((*way, "added"), table.get("added")) or NOBODY,
            self.rule((*way, "when"), table.get("when", {})),
            self.proof((*way, "seen"), table.get("seen")),
            self.mark((*way, "confirmed"), table.get("confirmed")),
        )

    def destination(self, way: Keys, value: Any, sources: Collection[str]) -> Destination:
        self.name(way)
        table = self.table(way, value, _DESTINATION, ("type", "from", "integration", "added"))
        fed = self.texts((*way, "from"), table.get("from", [""]))
        for number, name in enumerate(fed):
            if name and name not in sources:
                near = nearest(name, list(sources))
                hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sources) or 'none'}"
                self.mistake((*way, "from", number), f"{way[0]} has no source `{name[:80]}`; {hint}")
        return Destination(
            str(way[-1]),
            self.choice((*way, "type"), table.get("type", DESTINATION_TYPES[0]), DESTINATION_TYPES),
            fed,
            self.text((*way, "integration"), table.get("integration", "-")),
            self.mark((*way, "added"), table.get("added")) or NOBODY,
            self.proof((*way, "seen"), table.get("seen")),
            self.mark((*way, "confirmed"), table.get("confirmed")),
        )

    def names_apart(self, setup: Setup) -> None:
        """A name means one thing, wherever it is given."""
        seen: dict[str, str] = {}
        for env in Env:
            for kind in ("sources", "destinations"):
                for name in getattr(setup.env(env), kind):
                    if name in seen:
                        self.mistake((env.value, kind, name), f"`{name}` is the name of {seen[name]} already")
                    seen.setdefault(name, f"one of the {kind} of {env.value}")

    def rule(self, way: Keys, value: Any) -> dict[str, tuple[str, ...]]:
        table = self.table(way, value, None)
        for pointer in table:
            if not POINTER.fullmatch(pointer):
                self.mistake((*way, pointer), f"`{pointer[:80]}` is no JSON pointer such as `/context/library/name`")
        return {pointer: self.texts((*way, pointer), texts) for pointer, texts in table.items()}

    def mark(self, way: Keys, value: Any) -> Mark | None:
        if value is None:
            return None
        table = self.table(way, value, ("on", "by"), ("on", "by"))
        return Mark(self.day((*way, "on"), table.get("on", NOBODY.on)), self.text((*way, "by"), table.get("by", "-")))

    def proof(self, way: Keys, value: Any) -> Proof | None:
        if value is None:
            return None
        table = self.table(way, value, _PROOF, ("on", "calls"))
        calls = table.get("calls", 1)
        if not isinstance(calls, int) or isinstance(calls, bool) or calls < 1:
            self.mistake((*way, "calls"), "`calls` must be a whole number from 1")
            calls = 1
        libraries = self.texts((*way, "libraries"), table["libraries"]) if "libraries" in table else ()
        first, last = (self.moment((*way, key), table.get(key)) for key in ("first", "last"))
        return Proof(self.day((*way, "on"), table.get("on", NOBODY.on)), calls, libraries, first, last)

    def day(self, way: Keys, value: Any) -> datetime.date:
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value
        self.mistake(way, f"`{way[-1]}` must be a day such as 2026-03-02, without quotes")
        return NOBODY.on

    def moment(self, way: Keys, value: Any) -> datetime.datetime | None:
        if value is None:
            return None
        if isinstance(value, datetime.datetime) and value.tzinfo is not None:
            return value.astimezone(datetime.UTC)
        self.mistake(way, f"`{way[-1]}` must be a time such as 2026-03-02T08:00:00Z, without quotes")
        return None

    def choice(self, way: Keys, value: Any, known: Sequence[str]) -> str:
        if value in known:
            return str(value)
        near = nearest(value, known) if isinstance(value, str) else []
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        self.mistake(way, f"`{way[-1]}` must be one of the types; {hint}")
        return known[0]

    def texts(self, way: Keys, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            self.mistake(way, f'`{way[-1]}` must be a list of texts with at least one, such as ["web"]')
            return ()
        return tuple(self.text((*way, number), member) for number, member in enumerate(value))

    def text(self, way: Keys, value: Any) -> str:
        if isinstance(value, str) and value.strip():
            return value
        what = f"`{way[-1]}`" if isinstance(way[-1], str) else f"element {way[-1] + 1} of `{way[-2]}`"
        self.mistake(way, f"{what} must be text that is not empty")
        return ""

    def name(self, way: Keys) -> None:
        if not NAME.fullmatch(str(way[-1])):
            self.mistake(way, "a name has at most 64 letters, digits, spaces, dots, `_` and `-`, and starts with one")

    def table(self, way: Keys, value: Any, known: Sequence[str] | None, required: Sequence[str] = ()) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.mistake(way, f"`{way[-1]}` must be a table")
            return {}
        if known is not None:
            self.known(way, value, known)
        for key in required:
            if key not in value:
                self.mistake(way, f"`{key}` is missing here")
        return value

    def known(self, way: Keys, value: Mapping[str, Any], known: Sequence[str]) -> None:
        for key in value:
            if key not in known:
                near = nearest(key, known)
                hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(known)}"
                self.mistake((*way, key), f"`{key[:80]}` means nothing here; {hint}")

    def mistake(self, way: Keys, message: str) -> None:
        self.mistakes[(*self.document.mark(way), message)] = None
