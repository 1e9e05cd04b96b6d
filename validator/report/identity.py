"""What makes a finding the same finding in another run."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from validator.report.model import Finding


def fingerprint(finding: Finding) -> str:
    """32 hexadecimal digits that name what is wrong: not where, not how often, and not in how many plans.

    Two findings of a report never share one.
    """
    what = [finding.code, finding.event, finding.property, finding.instance_location, finding.keyword]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:32]
