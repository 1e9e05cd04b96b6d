"""A team's own tracking plan: events with many properties, most of them optional, and what calls may hold there."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from samples import vocabulary as words
from samples.world import Dice

EVENTS: Final = (
    "Product Viewed", "Product List Viewed", "Product Added to Cart", "Product Removed", "Cart Viewed",
    "Checkout Started", "Order Completed", "Order Refunded", "Payment Info Entered", "Coupon Applied",
    "Coupon Denied", "Signed Up", "Signed In", "Signed Out", "Password Reset", "Search Performed",
    "Search Result Clicked", "Wishlist Product Added", "Review Submitted", "Review Read", "Article Read",
    "Video Played", "Video Paused", "Newsletter Subscribed", "Banner Clicked", "Banner Viewed",
    "Experiment Viewed", "Form Submitted", "Form Abandoned", "Error Shown", "Support Chat Opened",
    "Support Ticket Created", "Route Saved", "Route Shared", "Download Started", "Notification Opened",
    "Settings Changed", "Trial Started", "Subscription Cancelled", "Invite Sent",
)  # fmt: skip
"""Seven of them are events that use cases recommend, too."""

WITH_PRODUCTS: Final = ("Product List Viewed", "Cart Viewed", "Checkout Started", "Order Completed", "Order Refunded")
PLACES: Final = (
    "Zürich", "Kraków", "São Paulo", "Malmö", "Łódź", "東京", "Reykjavík", "Denver", "Leeds", "München",
    "Αθήνα", "İzmir", "Bergen", "Nantes", "Seattle", "ירושלים",
)  # fmt: skip
TITLES: Final = (
    "Zelt für zwei, grün", "Sac à dos « Étoile »", "Trailhead 2-Person Tent", "Merino Socks, 2 Pairs",
    "山歩きガイド", "Crème solaire 50 ml", "Enamel Mug, White", "Пальник газовый", "Beam 350 Headlamp",
    "Chaqueta \U0001f3d5 niño",
    'The "long" rope', "Steel Bottle 1 l", "Mapa górska, nr 3", "Squall Rain Jacket (M)", "Kindle & Co stove",
    "Carry 45 Backpack",
)  # fmt: skip
SHARES: Final = (0.95, 0.8, 0.6, 0.5, 0.5, 0.3, 0.2, 0.08)
"""How often an optional property is there; which of these is a matter of the event."""

FEWEST: Final = 6
MOST: Final = 30
SAMPLES: Final = 48
"""How many values of a property there are to draw from."""


class Property(NamedTuple):
    """A property as the plan has it.

    Attributes:
        name: Its name.
        schema: What the plan says of its value.
        values: What flawless calls hold.
        fresh: The form of a text that is another in every call, with a place for a number; empty where values repeat.
        refused: Values of the right type that the plan does not allow, all for the same reason.
        refusal: The keyword that refuses them.
    """

    name: str
    schema: Mapping[str, Any]
    values: Sequence[Any]
    fresh: str = ""
    refused: Sequence[Any] = ()
    refusal: str = ""


class Event(NamedTuple):
    """An event as the plan has it.

    Attributes:
        name: Its name.
        properties: What it may carry, in the plan's order.
        shares: How often each of them is there; 1 for the required ones.
        weight: How often the event is seen, relative to others.
    """

    name: str
    properties: tuple[Property, ...]
    shares: tuple[float, ...]
    weight: int = 1


def _choice(name: str, *values: str) -> Property:
    return Property(
        name, {"type": "string", "enum": list(values)}, values, "", ("other", values[0].title() + "!"), "enum"
    )


def _number(name: str, low: float, high: float, *, kind: str = "number", bounded: bool = True) -> Property:
    dice = Dice(sum(name.encode()))
    values = [
        dice.between(int(low), int(high)) if kind == "integer" else round(low + dice.random() * (high - low), 2)
        for _ in range(SAMPLES)
    ]
    schema = {"type": kind, "minimum": low} if bounded else {"type": kind}
    return Property(name, schema, values, "", (low - 1, low - 20) if bounded else (), "minimum" if bounded else "")


def _identifier(name: str, pattern: str, fresh: str) -> Property:
    return Property(name, {"type": "string", "pattern": pattern}, (), fresh, ("n/a", "", "undefined"), "pattern")


def _text(name: str, *values: str) -> Property:
    return Property(name, {"type": "string"}, values)


def _yes_or_no(name: str) -> Property:
    return Property(name, {"type": "boolean"}, (True, False))


ITEM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["product_id", "price"],
    "properties": {
        "product_id": {"type": "string"},
        "name": {"type": "string"},
        "price": {"type": "number", "minimum": 0},
        "quantity": {"type": "integer", "minimum": 1},
        "category": {"type": "string"},
    },
}


def _products() -> Property:
    dice = Dice(3)
    carts = []
    for _ in range(SAMPLES):
        items = []
        for _ in range(dice.between(1, 4)):
            sku, name, _, category, price = dice.pick(words.PRODUCTS)
            item = {
                "product_id": sku,
                "name": name,
                "price": price,
                "quantity": dice.between(1, 3),
                "category": category,
            }
            items.append({key: value for key, value in item.items() if key in ITEM["required"] or dice.chance(0.7)})
        carts.append(items)
    return Property("products", {"type": "array", "items": ITEM}, carts)


PRODUCTS: Final = _products()
POOL: Final[tuple[Property, ...]] = (
    _identifier("order_id", "^W-[0-9]{8}$", "W-%(order)08d"),
    _identifier("cart_id", "^cart_[0-9]+$", "cart_%(order)d"),
    _identifier("checkout_id", "^chk_[0-9a-f]{8}$", "chk_%(order)08x"),
    _identifier("session_id", "^[0-9a-f]{8}-[0-9a-f]{4}$", "%(message)b"),
    Property("app_version", {"type": "string", "pattern": r"^[0-9]+\.[0-9]+(\.[0-9]+)?$"},
             ("4.12.0", "4.11.2", "4.9", "5.0.0"), "", ("v4.12", "latest"), "pattern"),
    Property("sku", {"type": "string", "pattern": "^[A-Z0-9]+(-[A-Z0-9]+)+$"},
             [p[0] for p in words.PRODUCTS], "", ("tent", "TNT 2P"), "pattern"),
    Property("email_hash", {"type": "string", "minLength": 8}, ("5f4dcc3b5aa765d6", "9a0364b9e99bb480"),
             "", ("", "none"), "minLength"),
    _choice("currency", "AUD", "CHF", "EUR", "GBP", "JPY", "USD"),
    _choice("plan", "free", "starter", "team", "business"),
    _choice("channel", "web", "ios", "android", "store", "partner"),
    _choice("payment_method", "card", "paypal", "invoice", "voucher"),
    _choice("status", "open", "pending", "done", "failed"),
    _choice("tier", "bronze", "silver", "gold"),
    _choice("theme", "light", "dark", "system"),
    _choice("variant", "control", "a", "b", "c"),
    _choice("shipping_method", "standard", "express", "pickup"),
    _choice("sort_order", "price", "rating", "newest", "relevance"),
    _choice("language", "de", "en", "fr", "ja", "pl", "pt"),
    _choice("placement", "header", "sidebar", "footer", "modal", "inline"),
    _number("price", 0, 900), _number("total", 0, 2400), _number("revenue", 0, 2000), _number("tax", 0, 400),
    _number("shipping", 0, 40), _number("discount", 0, 120), _number("duration", 0, 3600),
    _number("load_time", 0, 12), _number("latitude", -90, 90, bounded=False),
    _number("longitude", -180, 180, bounded=False), _number("score", -5, 5, bounded=False),
    _number("quantity", 1, 9, kind="integer"), _number("position", 1, 60, kind="integer"),
    _number("results", 0, 400, kind="integer"), _number("num_items", 1, 30, kind="integer"),
    _number("page_number", 1, 20, kind="integer"), _number("rating", 1, 5, kind="integer"),
    _number("attempt", 1, 4, kind="integer"), _number("visits", 0, 300, kind="integer", bounded=False),
    _yes_or_no("is_guest"), _yes_or_no("is_gift"), _yes_or_no("logged_in"), _yes_or_no("consent"),
    _yes_or_no("first_time"), _yes_or_no("in_stock"), _yes_or_no("muted"), _yes_or_no("fullscreen"),
    _text("title", *TITLES), _text("product_name", *TITLES), _text("city", *PLACES), _text("store", *PLACES),
    _text("brand", *(p[2] for p in words.PRODUCTS)), _text("category", *words.CATEGORIES),
    _text("affiliation", *words.AFFILIATIONS), _text("coupon", *words.COUPONS),
    _text("query", *words.SEARCHES, *PLACES),
    _text("label", *(b[0] for b in words.BUTTONS)), _text("section", *(p[1] for p in words.PAGES)),
    _text("path", *(p[2] for p in words.PAGES)), _text("list_name", "Bestsellers", "Neu für dich", "Été en solde"),
    _text("author", *words.LAST_NAMES), _text("first_name", *words.FIRST_NAMES), _text("last_name", *words.LAST_NAMES),
    _text("username", *(f"{n.lower()}.{i}" for i, n in enumerate(words.FIRST_NAMES))),
    _text("provider", "Example Attribution", "Example Ads"), _text("referrer", *words.REFERRERS),
    Property("tags", {"type": "array", "items": {"type": "string"}}, (["new"], ["sale", "été"], [], ["a", "b", "c"])),
)  # fmt: skip


def team_events(seed: int, count: int = len(EVENTS)) -> tuple[Event, ...]:
    """The events of a team's plan, so many; the same seed draws the same properties for them."""
    dice = Dice(seed)
    made = []
    for number in range(count):
        name = EVENTS[number % len(EVENTS)]
        chosen = dice.shuffled(POOL)[: dice.between(FEWEST, MOST)]
        if name in WITH_PRODUCTS:
            chosen[0] = PRODUCTS
        required = dice.between(1, 4)
        shares = tuple(1.0 if i < required else dice.pick(SHARES) for i in range(len(chosen)))
        title = name if number < len(EVENTS) else f"{name} {number // len(EVENTS) + 1}"
        made.append(Event(title, tuple(chosen), shares, weight=max(1, 60 // (number % len(EVENTS) + 1))))
    return tuple(made)


def optional_event(count: int) -> tuple[Event, ...]:
    """One event with so many optional properties, each in half of the calls."""
    kinds = (
        lambda name: _text(name, *PLACES),
        lambda name: _number(name, 0, 99, kind="integer", bounded=False),
        lambda name: _number(name, 0, 99, bounded=False),
        _yes_or_no,
    )
    properties = tuple(kinds[number % 4](f"option_{number + 1}") for number in range(count))
    return (Event("Feature Used", properties, (0.5,) * count),)


def plan_json(name: str, events: Sequence[Event]) -> dict[str, Any]:
    """The tracking plan, with its rules in Segment's form."""
    return {"name": name, "rules": [_rule(event) for event in events]}


def _rule(event: Event) -> dict[str, Any]:
    required = [p.name for p, share in zip(event.properties, event.shares, strict=True) if share == 1]
    payload = {
        "type": "object",
        "required": required,
        "properties": {p.name: dict(p.schema) for p in event.properties},
    }
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": {"properties": payload},
        "required": ["properties"],
    }
    return {"type": "TRACK", "key": event.name, "version": 1, "jsonSchema": schema}
