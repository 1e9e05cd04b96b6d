"""Reads a setup file strictly; every mistake is reported with its line and column."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validator.catalog import DESTINATION_TYPES, SOURCE_TYPES
from validator.errors import SetupError
from validator.setup.state import VERSION, Destination, Env, Environment, Mark, Proof, Rollout, Setup, Source
from validator.setup.toml_values import NO_DAY, TomlValues
from validator.syntax.near_name import nearest
from validator.syntax.read_text import StopError, read_text
from validator.syntax.toml_document import TomlDocument

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from validator.syntax.document import Keys

MAX_BYTES = 1 << 20
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9._-])?")
POINTER = re.compile(r"(?:/(?:[^/~]|~[01])+)+")

_CONFLICT = re.compile(r"^(?:<<<<<<< |=======$|>>>>>>> )", re.MULTILINE)
_ROLLOUT = ("id", "chosen", "reviewed", "verified_in_dev", "published", "verified_in_prod")
_SOURCE = ("type", "when", "added", "seen", "confirmed")
_DESTINATION = ("type", "from", "integration", "added", "seen", "confirmed")
_PROOF = ("on", "calls", "libraries", "first", "last", "fingerprints")

NOBODY = Mark(NO_DAY, "nobody")


def read_setup(path: str, use_cases: Collection[str]) -> tuple[Setup, str | None]:
    """Reads the setup in a file, and its text; an empty setup and None where there is no file.

    Args:
        path: The file.
        use_cases: All use cases, as `goal/use-case`.

    Raises:
        SetupError: With every mistake in the file.
    """
    text = text_of(path)
    if text is None:
        return Setup(), None
    if found := _CONFLICT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise SetupError([f"{path}:{line}:1: unresolved merge conflict; keep one of the two sides"])
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
        return read_text(file, MAX_BYTES, "too large for a setup file")
    except StopError as stop:
        raise _stopped(path, stop) from None


def _stopped(path: str, stop: StopError) -> SetupError:
    place = f"{path}:{stop.at.line}:{stop.at.column}" if stop.at else path
    return SetupError([f"{place}: {stop.message}; {stop.help}"])


class _Reading:
    def __init__(self, document: TomlDocument, use_cases: Collection[str]) -> None:
        self.document = document
        self.use_cases = use_cases
        self.values = TomlValues(document)

    def setup(self) -> Setup:
        value = self.document.value
        self.values.known((), value, ("version", "use_case", "dev", "prod"))
        version = value.get("version")
        if version != VERSION or isinstance(version, bool):
            newer = "; a newer uclint wrote it" if isinstance(version, int) and version > VERSION else ""
            self.values.mistake(("version",), f"`version` must be {VERSION}{newer}")
        setup = Setup(self.rollouts(value.get("use_case", [])), *(self.environment(env.value, value) for env in Env))
        self.names_apart(setup)
        if self.values.mistakes:
            path = self.document.path
            raise SetupError([f"{path}:{line}:{column}: {text}" for line, column, text in sorted(self.values.mistakes)])
        return setup

    def rollouts(self, value: Any) -> tuple[Rollout, ...]:
        if not isinstance(value, list):
            self.values.mistake(("use_case",), "`use_case` must be a list of tables, each under `[[use_case]]`")
            return ()
        rollouts = [self.rollout(("use_case", n), v) for n, v in enumerate(value)]
        for number, rollout in enumerate(rollouts):
            if rollout.prod is None and number < len(rollouts) - 1:
                self.values.mistake(
                    ("use_case", number + 1),
                    f"another use case can only start once {rollout.use_case} is verified in prod; "
                    "remove this one, or take that one to prod first",
                )
            if any(c.use_case == rollout.use_case for c in rollouts[:number]):
                self.values.mistake(("use_case", number, "id"), f"{rollout.use_case} is listed twice; remove one")
        return tuple(rollouts)

    def rollout(self, way: Keys, value: Any) -> Rollout:
        table = self.values.table(way, value, _ROLLOUT, ("id", "chosen"))
        name = self.values.text((*way, "id"), table.get("id", ""))
        if name and name not in self.use_cases:
            near = nearest(name, list(self.use_cases))
            hint = f"did you mean {' or '.join(near)}?" if near else "uclint use-cases lists all"
            self.values.mistake((*way, "id"), f"there is no use case `{name[:80]}`; {hint}")
        steps = {key: table.get(key) for key in _ROLLOUT[2:]}
        for before, after in pairwise(_ROLLOUT[2:]):
            if steps[after] is not None and steps[before] is None:
                self.values.mistake((*way, after), f"`{after}` needs `{before}` before it")
        return Rollout(
            name,
            self.mark((*way, "chosen"), table.get("chosen")) or NOBODY,
            self.mark((*way, "reviewed"), steps["reviewed"]),
            self.proof((*way, "verified_in_dev"), steps["verified_in_dev"]),
            self.mark((*way, "published"), steps["published"]),
            self.proof((*way, "verified_in_prod"), steps["verified_in_prod"]),
        )

    def environment(self, env: str, value: Mapping[str, Any]) -> Environment:
        table = self.values.table((env,), value.get(env, {}), ("sources", "destinations"))
        sources = self.values.table((env, "sources"), table.get("sources", {}), None)
        destinations = self.values.table((env, "destinations"), table.get("destinations", {}), None)
        known = {name: self.source((env, "sources", name), entry) for name, entry in sources.items()}
        return Environment(
            known,
            {name: self.destination((env, "destinations", name), v, known) for name, v in destinations.items()},
        )

    def source(self, way: Keys, value: Any) -> Source:
        self.name(way)
        table = self.values.table(way, value, _SOURCE, ("type", "added"))
        return Source(
            str(way[-1]),
            self.values.choice((*way, "type"), table.get("type", SOURCE_TYPES[0]), SOURCE_TYPES),
            self.mark((*way, "added"), table.get("added")) or NOBODY,
            self.rule((*way, "when"), table.get("when", {})),
            self.proof((*way, "seen"), table.get("seen")),
            self.mark((*way, "confirmed"), table.get("confirmed")),
        )

    def destination(self, way: Keys, value: Any, sources: Collection[str]) -> Destination:
        self.name(way)
        table = self.values.table(way, value, _DESTINATION, ("type", "from", "integration", "added"))
        fed = self.values.texts((*way, "from"), table.get("from", [""]))
        for number, name in enumerate(fed):
            if name and name not in sources:
                near = nearest(name, list(sources))
                hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sources) or 'none'}"
                self.values.mistake((*way, "from", number), f"{way[0]} has no source `{name[:80]}`; {hint}")
        return Destination(
            str(way[-1]),
            self.values.choice((*way, "type"), table.get("type", DESTINATION_TYPES[0]), DESTINATION_TYPES),
            fed,
            self.values.text((*way, "integration"), table.get("integration", "-")),
            self.mark((*way, "added"), table.get("added")) or NOBODY,
            self.proof((*way, "seen"), table.get("seen")),
            self.mark((*way, "confirmed"), table.get("confirmed")),
        )

    def names_apart(self, setup: Setup) -> None:
        """Checks that each name is used only once in an environment."""
        seen: dict[str, str] = {}
        for env in Env:
            for kind in ("sources", "destinations"):
                for name in getattr(setup.env(env), kind):
                    if name in seen:
                        self.values.mistake((env.value, kind, name), f"`{name}` is already the name of {seen[name]}")
                    seen.setdefault(name, f"one of the {kind} of {env.value}")

    def rule(self, way: Keys, value: Any) -> dict[str, tuple[str, ...]]:
        table = self.values.table(way, value, None)
        for pointer in table:
            if not POINTER.fullmatch(pointer):
                self.values.mistake(
                    (*way, pointer), f"`{pointer[:80]}` is not a JSON pointer such as `/context/library/name`"
                )
        return {pointer: self.values.texts((*way, pointer), texts) for pointer, texts in table.items()}

    def mark(self, way: Keys, value: Any) -> Mark | None:
        if value is None:
            return None
        table = self.values.table(way, value, ("on", "by"), ("on", "by"))
        return Mark(
            self.values.day((*way, "on"), table.get("on", NOBODY.on)),
            self.values.text((*way, "by"), table.get("by", "-")),
        )

    def proof(self, way: Keys, value: Any) -> Proof | None:
        if value is None:
            return None
        table = self.values.table(way, value, _PROOF, ("on", "calls"))
        calls = table.get("calls", 1)
        if not isinstance(calls, int) or isinstance(calls, bool) or calls < 1:
            self.values.mistake((*way, "calls"), "`calls` must be a positive whole number")
            calls = 1
        libraries, prints = (
            self.values.texts((*way, key), table[key]) if key in table else () for key in ("libraries", "fingerprints")
        )
        first, last = (self.values.moment((*way, key), table.get(key)) for key in ("first", "last"))
        return Proof(self.values.day((*way, "on"), table.get("on", NOBODY.on)), calls, libraries, first, last, prints)

    def name(self, way: Keys) -> None:
        if not NAME.fullmatch(str(way[-1])):
            self.values.mistake(
                way, "a name has at most 64 letters, digits, spaces, dots, `_` and `-`, and starts with one"
            )
