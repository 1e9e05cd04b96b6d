"""Checks single values of a call: times, currencies, and properties reserved by Segment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from validator.engine.decode.call import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TIMES: Final = ("originalTimestamp", "receivedAt", "sentAt", "timestamp")
EARLY: Final = timedelta(days=2)
LATE: Final = timedelta(days=1)

_NUMBER: Final = ("number", "integer")
_TEXT: Final = ("string",)
_PAGE: Final = dict.fromkeys(("name", "path", "referrer", "search", "title", "url"), _TEXT) | {
    "keywords": ("array",),
}

RESERVED: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "track": {"revenue": _NUMBER, "currency": _TEXT, "value": _NUMBER},
    "page": _PAGE,
    "screen": {"name": _TEXT},
}
"""Call type -> property -> the JSON types in Segment's spec. Null counts as no value, and passes."""

_CODES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
    CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
    GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP
    LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN
    PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS
    TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD
    XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG ZWL
"""
CURRENCIES: Final = frozenset(_CODES.split())
"""ISO 4217: codes in use and recently withdrawn ones."""


def moment(value: Any) -> datetime | None:
    """Parses an ISO 8601 time, in UTC if it has no zone; None if invalid."""
    if type(value) is not str:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def unreadable(value: Any) -> bool:
    """Whether there is a time that is invalid."""
    return value is not UNSET and value is not None and moment(value) is None


def out_of_time(now: datetime) -> Callable[[Any, Any], bool]:
    """Makes the test by `timestamp` and `receivedAt` whether a call comes from the future, or days too late.

    Args:
        now: Replaces `receivedAt` if a call has none.
    """

    def test(timestamp: Any, received: Any) -> bool:
        own = moment(timestamp)
        if own is None:
            return False
        arrived = moment(received)
        try:
            return own - (arrived or now) > LATE or (arrived is not None and arrived - own > EARLY)
        except OverflowError:
            return True

    return test
