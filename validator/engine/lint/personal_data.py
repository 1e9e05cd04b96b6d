"""Finds personal data and secrets in texts. Only the kind is reported, never the value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from validator.engine.lint.names import VALUE, holds_value, without_values
from validator.engine.near_miss import remembered, shortened
from validator.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from collections.abc import Iterator

EMAIL: Final = "PV701"
PHONE: Final = "PV702"
CARD: Final = "PV703"
TOKEN: Final = "PV704"  # noqa: S105 - the code of a rule

# Characters of a text that are searched.
_MOST = 20_000

_EMAIL = LazyPattern(r"[\w.%+-]@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[^\W\d_]{2,24}\b")
_PHONE = LazyPattern(
    r"(?<![\w+.-])(?:\+[1-9](?:[ ().-]{0,2}[0-9]){7,14}|\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[ -][0-9]{4}"
    r"|[2-9][0-9]{2}([-.])[2-9][0-9]{2}\1[0-9]{4})(?![\w-])"
)
_DIGITS = LazyPattern(r"(?<![\w.-])[2-6][0-9]{3}(?:[ -]?[0-9]){9,15}(?![\w-]|\.[0-9])")
_CREDENTIAL = LazyPattern(
    r"(?<![\w-])eyJ[\w-]{8,}+\.eyJ[\w-]{8,}+\."  # a JSON Web Token
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"  # an access key of AWS
    r"|\b(?:[Bb]earer|[Bb]asic) [\w.~+/-]{20,}"  # a header
    r"|\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_\w{22,}|\bglpat-[\w-]{20,}|\bxox[abprs]-[\w-]{10,}"
    r"|\b[sr]k_live_[A-Za-z0-9]{16,}|\bAIza[\w-]{35}\b"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
# First digits of issued cards -> lengths of their numbers.
_ISSUED = LazyPattern(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)"
    r"[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:6011|65[0-9]{2}|64[4-9][0-9])[0-9]{12}"
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12}"
)
_DIGIT = LazyPattern(r"[0-9]")
_NOT_DIGITS = LazyPattern(r"[^0-9]")


def kinds_of(text: str) -> Iterator[str]:
    """The codes of personal data in a text, each once."""
    text = text[:_MOST]
    if "@" in text and _EMAIL.search(text):
        yield EMAIL
    if len(text) >= 10:
        numbers = _DIGIT.search(text) is not None
        if numbers and _PHONE.search(text):
            yield PHONE
        if numbers and any(is_card(_NOT_DIGITS.sub("", found)) for found in _DIGITS.findall(text)):
            yield CARD
        if _CREDENTIAL.search(text):
            yield TOKEN


def kinds_of_name(name: str) -> tuple[str, ...]:
    """The codes of personal data in a name, where an underscore may stand for a space."""
    spaced = name.replace("_", " ")
    return tuple(dict.fromkeys((*kinds_of(name), *(kinds_of(spaced) if spaced != name else ()))))


@remembered
def masked(name: str) -> str:
    """A name with personal data and values masked, and shortened if long."""
    name = shortened(name)
    private = kinds_of_name(name)
    if TOKEN in private:
        return VALUE
    return without_values(name) if private or holds_value(name) else name


def is_card(digits: str) -> bool:
    """Whether digits can be the number of a payment card: by issuer, length and check digit."""
    return bool(_ISSUED.fullmatch(digits)) and luhn(digits)


def luhn(digits: str) -> bool:
    """Whether the check digit is right (Luhn)."""
    odd, even = digits[-1::-2], digits[-2::-2]
    return (sum(map(int, odd)) + sum(sum(divmod(2 * int(digit), 10)) for digit in even)) % 10 == 0


def found_in(payload: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Personal data in properties: pairs of code and property, each once."""
    for key, value in payload.items():
        kind = type(value)
        if kind is str:
            for code in kinds_of(value):
                yield code, key
        elif kind is int:
            if value > 10**11 and is_card(str(value)):
                yield CARD, key
        elif kind is dict or kind is list:
            for code in dict.fromkeys(code for text in _texts(value) for code in kinds_of(text)):
                yield code, key


def _texts(value: Any) -> Iterator[str]:
    """All texts below a value, with numbers that may be cards."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif type(one) is int and 10**11 < one < 10**20:
            yield str(one)
