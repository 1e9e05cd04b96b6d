"""The rule policy: which rules are used, and the severities of their findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec.structs import replace

from validator.engine.lint import Naming
from validator.errors import UsageError
from validator.model import Severity
from validator.rules import DEFAULT, RULES, find

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from validator.report.model import Finding

Value = TypeVar("Value")

ALL = "ALL"
OFF = "off"


class Policy(msgspec.Struct, frozen=True):
    """The rule policy: which rules are used, and the severities of their findings. By default: as the rules say.

    Attributes:
        off: Codes of the rules that are not used.
        severities: Code -> severity, which overrides that of the rule or plan.
        naming: Naming conventions, for the rules that check them.
    """

    off: frozenset[str] = frozenset(RULES) - DEFAULT
    severities: Mapping[str, Severity] = msgspec.field(default_factory=dict)
    naming: Naming = Naming()

    @classmethod
    def of(
        cls,
        select: Iterable[str] = (ALL,),
        ignore: Iterable[str] = (),
        severities: Iterable[Mapping[str, str]] = (),
        *,
        on: Iterable[str] = (),
        naming: Naming | None = None,
    ) -> Policy:
        """The policy that selectors describe: codes, their beginnings such as `TP` or `TP2`, names, or `ALL`.

        `ALL` selects all rules that are on by default; others need a more specific selector.

        Of selectors that match a rule, the longest counts; of equally long ones, ignoring wins.

        Args:
            select: Rules to use.
            ignore: Rules not to use.
            severities: Selector -> `error`, `warning` or `off`; later mappings override earlier ones.
            on: Codes of rules that belong to `ALL` too, whether or not they are on by default.
            naming: Naming conventions; those Segment recommends if None.

        Raises:
            UsageError: A selector matches no rule, or a severity is invalid.
        """
        chosen, ignored = _longest(dict.fromkeys(select, 1), on), _longest(dict.fromkeys(ignore, 1), on)
        levels: dict[str, str] = {}
        for layer in severities:
            levels |= {code: level for code, (_, level) in _longest(layer).items()}
        if wrong := [level for level in levels.values() if level not in (*Severity, OFF)]:
            raise UsageError(f"unknown severity {wrong[0]!r}; there are {', '.join(Severity)} and {OFF}")
        off = {code for code in RULES if chosen.get(code, (-1, 0))[0] <= ignored.get(code, (-1, 0))[0]}
        return cls(
            off=frozenset(off | {code for code, level in levels.items() if level == OFF}),
            severities={code: Severity(level) for code, level in levels.items() if level != OFF},
            naming=naming or Naming(),
        )

    @property
    def on(self) -> frozenset[str]:
        """The codes of the rules that are used."""
        return frozenset(RULES) - self.off

    def severity(self, code: str, own: Severity) -> Severity | None:
        """The severity of a finding whose own severity is `own`; None if its rule is not used."""
        return None if code in self.off else self.severities.get(code, own)

    def applied(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings of used rules, with their final severities."""
        for finding in findings:
            severity = self.severity(finding.code, finding.severity)
            if severity is not None:
                yield finding if severity is finding.severity else replace(finding, severity=severity)


def _longest(selectors: Mapping[str, Value], on: Iterable[str] = ()) -> dict[str, tuple[int, Value]]:
    """For each rule that a selector matches: the length of the longest such selector, and its value."""
    found: dict[str, tuple[int, Value]] = {}
    for selector, value in sorted(selectors.items(), key=lambda s: len(codes(s[0])), reverse=True):
        fitting, every = codes(selector), selector.strip().upper() == ALL
        for code in (*fitting, *(on if every else ())):
            length = len(code) if len(fitting) == 1 else 0 if every else len(selector)
            if length >= found.get(code, (-1, None))[0]:
                found[code] = (length, value)
    return found


def codes(selector: str) -> tuple[str, ...]:
    """The codes of the rules that a selector matches.

    Raises:
        UsageError: It matches no rule; the message suggests similar ones.
    """
    text = selector.strip().upper()
    fitting = tuple(code for code in RULES if (code in DEFAULT if text == ALL else text and code.startswith(text)))
    return fitting or (find(selector).code,)
