"""PV7xx: personal data and secrets where they should not be. The values themselves are never shown."""

from __future__ import annotations

from validator.model import Severity
from validator.rules.model import Rule, Sentence


def _says(what: str) -> Sentence:
    return Sentence(
        f"{{count}} call has {what} in {{what}}.",
        f"{{count}} calls have {what} in {{what}}.",
        special={"unnamed": f"There is {what} in further properties, {{times}}."},
    )


RULES = (
    Rule(
        code="PV701",
        name="e-mail-address",
        severity=Severity.WARNING,
        summary="An e-mail address is in a property, or in the name of an event, page or screen.",
        says=_says("an e-mail address"),
        why=(
            "Properties go to every destination, and stay in warehouses and logs. Personal data in them is hard "
            "to find and delete on request."
        ),
        fix=(
            "Send the user's id; if the address is needed, send it once, as a trait of identify. If it is "
            "intended, ignore the rule. The value is never shown."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"referred_by": "jane@example.com"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"referred_by": "u-2"}}\n',
        on=False,
    ),
    Rule(
        code="PV702",
        name="phone-number",
        severity=Severity.WARNING,
        summary="A phone number (with a plus, or as in North America) is in a property, or in the name of an event, page or screen.",
        says=_says("a phone number"),
        why="It is personal data, and goes to every destination, warehouse and log.",
        fix=(
            "Send the user's id; if the number is needed, send it once, as a trait of identify. If it is "
            "intended, ignore the rule. The value is never shown."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"callback": "+1 (212) 555-0123"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"callback": true}}\n',
        on=False,
    ),
    Rule(
        code="PV703",
        name="card-number",
        severity=Severity.WARNING,
        summary=(
            "A payment card number (as issuers assign them) is in a property, or in the name of an event, page or"
            " screen."
        ),
        says=_says("the number of a payment card"),
        why=(
            "Whoever stores card numbers is subject to the rules of the card industry (PCI DSS), and so is every "
            "destination that receives them."
        ),
        fix=(
            "Send the last four digits or the payment provider's token. Delete what was sent, at the destinations"
            " too. The value is never shown."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"card": "4111 1111 1111 1111"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"card_last_four": "1111"}}\n',
        on=False,
    ),
    Rule(
        code="PV704",
        name="secret-token",
        severity=Severity.WARNING,
        summary="A secret (JSON Web Token, access key, bearer header) is in a property, or the name of an event, page or screen.",
        says=_says("a secret token"),
        why="Anyone who sees it can act as its owner until it is revoked. Events are seen by many.",
        fix="Stop sending it, and revoke it: it was copied to wherever events go. The value is never shown.",
        bad='{"type": "track", "userId": "u-1", "event": "Trial Started", "properties": {"auth": "Bearer 0123456789abcdef0123"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"auth": "bearer"}}\n',
        on=False,
    ),
)
