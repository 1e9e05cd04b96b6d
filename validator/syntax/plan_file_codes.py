"""The codes of mistakes in plan files. A code never changes its meaning."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """A permanent code; the member's name is its kebab-case name in capitals."""

    DUPLICATE_KEY = "PL601"
    UNKNOWN_KEY = "PL602"
    BAD_TYPE = "PL603"
    UNKNOWN_NAME = "PL604"
    MISSING_KEY = "PL605"
    NOT_YAML = "PL606"
    BAD_VALUE = "PL607"
    DUPLICATE_DEFINITION = "PL608"
    NOT_CHECKABLE = "PL609"
    NOT_A_TRACKING_PLAN = "PL610"
    NOT_JSON = "PL611"
    TOO_LARGE = "PL612"
    FOREIGN_REF = "PL613"
    ILLEGAL_TYPE = "PL614"
    OLD_DRAFT = "PL615"
    UNKNOWN_DIALECT = "PL616"
    ODD_NAME = "PL617"
    EMPTY_RULE = "PL618"
    NEVER_SENT = "PL619"
    UNSAFE_NAME = "PL620"
