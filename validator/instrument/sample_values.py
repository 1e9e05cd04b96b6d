"""Plausible values for properties: of the planned type, consistent with each other, reproducible from a seed."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from validator.catalog import Property

T = TypeVar("T")

PAGES = (
    ("Home", "Shop", "/"),
    ("Tents", "Products", "/tents"),
    ("Two-person tent", "Products", "/tents/two-person"),
    ("Stoves", "Products", "/stoves"),
    ("How to pack light", "Guides", "/guides/pack-light"),
    ("Cart", "Checkout", "/cart"),
)
_PRODUCTS = (
    ("TNT-2P-GRN", "Two-person tent", "Larch", "Tents", 219.0),
    ("STV-GAS-01", "Gas stove", "Ember", "Stoves", 49.5),
    ("JKT-RAIN-M", "Rain jacket", "Larch", "Clothing", 129.0),
    ("LMP-HEAD-3", "Headlamp", "Ember", "Lights", 34.9),
)
_PEOPLE = (("Avelin", "Amberlow"), ("Bram", "Corvash"), ("Calla", "Dunmarrow"), ("Dario", "Grenwick"))
_SCREENS = (("scr-home", "Home", "Shop"), ("scr-cart", "Cart", "Checkout"), ("scr-welcome", "Welcome", "Onboarding"))
_STEPS = ("Choose a username", "Pick your interests", "Allow notifications", "Save a first route")

_OF_TYPE = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


class Dice:
    """Random draws that are the same on every Python: only `random()` is guaranteed not to change."""

    def __init__(self, seed: int) -> None:
        self.random: Callable[[], float] = Random(seed).random  # noqa: S311 - nothing secret is drawn

    def below(self, end: int) -> int:
        """An integer from 0 to `end`, exclusive."""
        return int(self.random() * end)

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]

    def chance(self, share: float) -> bool:
        """True with this probability."""
        return self.random() < share

    def uuid(self) -> str:
        """A version 4 UUID."""
        digits = "".join(f"{self.below(1 << 16):04x}" for _ in range(8))
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{8 + self.below(4):x}{digits[17:20]}-{digits[20:]}"


def facts(dice: Dice, number: int) -> Mapping[str, Any]:
    """Values for one call, by common property names; they are consistent with each other."""
    lines = [
        {"product_id": sku, "name": name, "brand": brand, "category": category, "price": price, "quantity": many}
        for sku, name, brand, category, price in (dice.pick(_PRODUCTS) for _ in range(1 + dice.below(3)))
        for many in (1 + dice.below(2),)
    ]
    cents = sum(round(float(str(line["price"])) * 100) * int(str(line["quantity"])) for line in lines)
    discount, shipping = dice.pick((0, cents // 10)), dice.pick((0, 490, 795))
    tax = (cents - discount) // 5
    first, last = dice.pick(_PEOPLE)
    screen, title, kind = dice.pick(_SCREENS)
    page, category, _ = dice.pick(PAGES)
    step = dice.below(len(_STEPS))
    product = lines[0]
    return {
        "order_id": f"W-{number:06d}",
        "checkout_id": f"chk_{dice.below(1 << 32):08x}",
        "cart_id": f"cart_{number:06d}",
        "affiliation": dice.pick(("Web Store", "App Store", "Harbour Street Store")),
        "coupon": dice.pick(("WELCOME10", "SPRING24", "COMEBACK15")),
        "currency": "EUR",
        "discount": discount / 100,
        "num_items": sum(int(str(line["quantity"])) for line in lines),
        "products": lines,
        "revenue": (cents - discount) / 100,
        "shipping": shipping / 100,
        "tax": tax / 100,
        "total": (cents - discount + shipping + tax) / 100,
        "product_id": product["product_id"],
        "product_name": product["name"],
        "product_brand": product["brand"],
        "product_price": product["price"],
        "product_category": product["category"],
        "quantity": product["quantity"],
        "first_name": first,
        "last_name": last,
        "username": f"{first}.{last}".lower(),
        "email": f"{first}.{last}@example.com".lower(),
        "page_name": page,
        "page_category": category,
        "pct_scrolled": dice.pick((25, 50, 75, 90.5, 100)),
        "screen_id": screen,
        "screen_title": title,
        "screen_type": kind,
        "version": "4.12.0",
        "build": "412",
        "from_background": dice.chance(0.5),
        "referring_application": "com.example.mail",
        "step_name": _STEPS[step],
        "step_number": step + 1,
        "total_steps": len(_STEPS),
        "pct_completed": (step + 1) * 100 / len(_STEPS),
        "flow_name": "New member",
        "category": dice.pick(("Membership", "Family membership")),
    }


def value(prop: Property, known: Mapping[str, Any], dice: Dice) -> Any:
    """A plausible value of a property."""
    found = known.get(prop.name)
    if found is not None and prop.name in known and any(_is(found, kind) for kind in prop.types):
        return found
    return _any(prop.types[0], prop.items, dice)


def _is(found: Any, kind: str) -> bool:
    if isinstance(found, bool):
        return kind == "boolean"
    return isinstance(found, _OF_TYPE[kind])  # type: ignore[arg-type]


def _any(kind: str, items: Sequence[str] | None, dice: Dice) -> Any:
    if kind == "array":
        return [_any(dice.pick(items or ("string",)), None, dice) for _ in range(1 + dice.below(2))]
    made: dict[str, Any] = {
        "string": f"sample {dice.below(100)}",
        "integer": dice.below(100),
        "number": dice.below(10_000) / 100,
        "boolean": dice.chance(0.5),
        "object": {"id": f"id-{dice.below(1000)}"},
        "null": None,
    }
    return made[kind]
