"""Fingerprints that identify a finding across runs."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validator.report.model import Finding


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """32 hexadecimal digits for each finding of a report, that identify what is wrong.

    They do not depend on places, counts, severity or plans. They are unique: of two findings with the same identity
    (page calls, and a track event named Page), the second gets a number.
    """
    import hashlib  # noqa: PLC0415 - it loads OpenSSL

    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        what = [finding.code, finding.event, finding.property, finding.instance_location, finding.keyword]
        same = json.dumps(what)
        number = seen[same]
        seen[same] += 1
        text = f"{same}#{number}" if number else same
        found.append(hashlib.sha256(text.encode()).hexdigest()[:32])
    return found
