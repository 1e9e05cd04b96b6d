"""What a team's own plan would ask of the values of the shop's calls: enumerations, patterns and bounds."""

from typing import Any, Final

# The flawless calls of `samples.world` keep to all of them.
VALUES: Final[dict[str, dict[str, Any]]] = {
    "build": {"type": "string", "pattern": "^[0-9]+$"},
    "cart_id": {"type": "string", "pattern": "^cart_[0-9]+$"},
    "checkout_id": {"type": "string", "pattern": "^chk_[0-9a-f]+$"},
    "currency": {"type": "string", "enum": ["AUD", "CAD", "CHF", "EUR", "GBP", "JPY", "SEK", "USD"]},
    "discount": {"type": "number", "minimum": 0},
    "num_items": {"type": "integer", "minimum": 1},
    "order_id": {"type": "string", "pattern": "^W-[0-9]+$"},
    "page_category": {"type": "string", "minLength": 3},
    "pct_completed": {"type": "number", "minimum": 0, "maximum": 100},
    "pct_scrolled": {"type": "number", "minimum": 0, "maximum": 100},
    "product_price": {"type": "number", "minimum": 0},
    "quantity": {"type": "integer", "minimum": 1},
    "revenue": {"type": "number", "minimum": 0},
    "screen_id": {"type": "string", "pattern": "^scr-[a-z0-9-]+$"},
    "screen_type": {"type": "string", "minLength": 3},
    "shipping": {"type": "number", "minimum": 0},
    "step_number": {"type": "integer", "minimum": 1},
    "tax": {"type": "number", "minimum": 0},
    "total": {"type": "number", "minimum": 0},
    "type": {"type": "string", "enum": ["invited", "organic", "paid"]},
    "username": {"type": "string", "minLength": 1},
    "version": {"type": "string", "pattern": "^[0-9]+[.][0-9]+"},
}
