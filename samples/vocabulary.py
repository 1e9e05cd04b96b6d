"""The words the samples are made of: an invented shop with an app, its invented customers, and their devices."""

from typing import Final

RECOMMENDED: Final[dict[str, tuple[str, ...]]] = {
    "Order Completed": (
        "num_items", "order_id", "checkout_id", "total", "revenue", "shipping", "tax", "affiliation", "products",
    ),
    "Checkout Started": (
        "num_items", "order_id", "coupon", "total", "revenue", "shipping", "tax", "affiliation", "discount",
    ),
    "Application Installed": (
        "screen_id", "screen_type", "screen_title", "version", "build", "from_background", "referring_application",
    ),
    "Application Opened": (
        "screen_id", "screen_type", "screen_title", "version", "build", "from_background", "referring_application",
    ),
    "Install Attributed": (),
    "Signed Up": ("first_name", "last_name", "username"),
    "Signed In": ("first_name", "last_name", "username", "email"),
    "Page Viewed": ("page_category", "page_name"),
    "Page Scrolled": ("pct_scrolled", "page_category"),
    "Screen Viewed": ("screen_id", "screen_type", "screen_title"),
    "Onboarding Step Completed": (
        "step_name", "step_number", "total_steps", "pct_completed", "flow_name", "screen_id", "screen_type",
    ),
    "Onboarding Completed": ("checkout_id", "order_id", "total", "revenue", "shipping", "tax", "affiliation"),
    "Trial Started": ("category",),
    "Subscription Started": (),
    "Product Added to Cart": (
        "product_id", "product_name", "product_brand", "product_price", "product_category",
    ),
}  # fmt: skip
"""The events of the use cases, and what each should carry."""

WEIGHTS: Final[dict[str, int]] = {
    "Page Viewed": 28,
    "Page Scrolled": 10,
    "Screen Viewed": 12,
    "Product Added to Cart": 7,
    "Checkout Started": 5,
    "Order Completed": 5,
    "Application Opened": 6,
    "Application Installed": 2,
    "Install Attributed": 1,
    "Signed Up": 2,
    "Signed In": 5,
    "Onboarding Step Completed": 5,
    "Onboarding Completed": 2,
    "Trial Started": 2,
    "Subscription Started": 1,
    "Button Clicked": 6,
    "Search Performed": 4,
    "Video Played": 2,
    "Email Opened": 2,
    "identify": 7,
    "group": 2,
    "alias": 1,
}
"""How often each is seen in a mixed stream; the names in lower case are call types without an event."""

WEB_ONLY: Final = ("Page Viewed", "Page Scrolled")
MOBILE_ONLY: Final = ("Screen Viewed", "Application Installed", "Application Opened", "Install Attributed")
SERVER_TOO: Final = ("Order Completed", "Signed Up", "Subscription Started", "Email Opened", "identify", "group")

FIRST_NAMES: Final = (
    "Avelin", "Bram", "Calla", "Dario", "Elsin", "Ferro", "Gwenna", "Hale", "Isolde", "Jorin", "Kesta", "Liora",
    "Mirel", "Nadir", "Orla", "Perrin", "Quenby", "Rosalba", "Sorin", "Tamsin", "Ulric", "Vesna", "Wyn", "Yara",
)  # fmt: skip
LAST_NAMES: Final = (
    "Amberlow", "Brackenfold", "Corvash", "Dunmarrow", "Elderquill", "Fallowmere", "Grenwick", "Hollinbray",
    "Ironvale", "Jessamoor", "Kestrelby", "Larkendale", "Mossgarde", "Nettleham", "Oakreave", "Pellworth",
    "Quillmere", "Rushgate", "Silverden", "Thornaby-Lisle", "Umberfell", "Vantry", "Wexcombe", "Yarrowden",
)  # fmt: skip
COMPANIES: Final = (
    ("Pinefield Works", "manufacturing"), ("Halcyon Freight", "logistics"), ("Blue Lantern Studio", "design"),
    ("Northgate Bakery", "food"), ("Copper Kettle Software", "software"), ("Meadow & Stone", "construction"),
)  # fmt: skip
PLANS: Final = ("free", "starter", "team", "business")

PRODUCTS: Final = (
    ("TNT-2P-GRN", "Trailhead 2-Person Tent", "Ridgeway", "Tents", 189.0),
    ("BAG-M-800", "Drift 800 Sleeping Bag", "Ridgeway", "Sleeping Bags", 149.95),
    ("STV-GAS-1", "Ember Gas Stove", "Kindle & Co", "Cooking", 39.5),
    ("MUG-ENM-W", "Enamel Mug, White", "Kindle & Co", "Cooking", 9.9),
    ("BPK-45-BLK", "Carry 45 Backpack", "Loft", "Backpacks", 129.0),
    ("BPK-22-RED", "Carry 22 Daypack", "Loft", "Backpacks", 74.95),
    ("LMP-HD-350", "Beam 350 Headlamp", "Nocturne", "Lighting", 34.99),
    ("JKT-RN-M", "Squall Rain Jacket (M)", "Fairweather", "Clothing", 119.0),
    ("SCK-MER-2", "Merino Socks, 2 Pairs", "Fairweather", "Clothing", 24.5),
    ("BTL-1L-STL", "Steel Bottle 1 l", "Loft", "Accessories", 28.0),
    ("MAP-ALP-3", "Alpine Walks, Map No. 3", "Waymark", "Maps & Books", 12.95),
    ("KNF-FLD-7", "Folding Knife 7 cm", "Waymark", "Accessories", 44.25),
)  # fmt: skip
PAGES: Final = (
    ("Home", "Shop", "/", "Tents, packs and stoves"),
    ("Product", "Shop", "/products/carry-45-backpack", "Carry 45 Backpack"),
    ("Product List", "Shop", "/collections/tents", "All tents"),
    ("Cart", "Checkout", "/cart", "Your cart"),
    ("Shipping", "Checkout", "/checkout/shipping", "Where shall we send it?"),
    ("Pricing", "Membership", "/membership", "Membership and prices"),
    ("Packing for a Week", "Journal", "/journal/packing-for-a-week", "Packing for a week"),
    ("Choosing a Stove", "Journal", "/journal/choosing-a-stove", "Choosing a stove"),
    ("Returns", "Help", "/help/returns", "Returns and refunds"),
)
SCREENS: Final = (
    ("scr-home", "Home", "Shop"), ("scr-product", "Product Detail", "Shop"), ("scr-cart", "Cart", "Checkout"),
    ("scr-payment", "Payment", "Checkout"), ("scr-welcome", "Welcome", "Onboarding"),
    ("scr-routes", "Saved Routes", "Account"), ("scr-settings", "Settings", "Account"),
)  # fmt: skip
ONBOARDING: Final = (
    "Choose a Username", "Pick Your Interests", "Allow Notifications", "Save a First Route", "Invite a Friend",
)  # fmt: skip
CATEGORIES: Final = ("Membership", "Membership Plus", "Family Membership", "Route Planner")
AFFILIATIONS: Final = ("Web Store", "iOS App", "Android App", "Harbour Street Store")
COUPONS: Final = ("WELCOME10", "SPRING24", "FREESHIP", "COMEBACK15")
SEARCHES: Final = ("light tent 2 person", "gas stove", "rain jacket", "map", "merino socks", "headlamp rechargeable")
BUTTONS: Final = (
    ("Add to Cart", "product"), ("Notify Me", "product"), ("Start Free Trial", "pricing"), ("Show More", "list"),
)  # fmt: skip
REFERRERS: Final = ("", "https://www.example.com/", "https://search.example.net/", "https://news.example.org/outdoors")
CAMPAIGNS: Final = (
    {"name": "spring-trails", "source": "newsletter", "medium": "email"},
    {"name": "lookalike-tents", "source": "social", "medium": "cpc", "content": "video-b"},
    {"name": "winback-90d", "source": "newsletter", "medium": "email", "content": "offer-15"},
)
INTEGRATIONS: Final[tuple[dict[str, bool], ...]] = (
    {}, {}, {"All": True}, {"All": True, "Salesforce": False}, {"All": False, "Mixpanel": True, "Amplitude": True},
)  # fmt: skip

NETWORKS: Final = ("192.0.2.", "198.51.100.", "203.0.113.")
"""The address blocks set aside for documentation (RFC 5737)."""

PLACES: Final = (
    ("en-US", "America/Denver", "USD"), ("en-GB", "Europe/London", "GBP"), ("de-DE", "Europe/Berlin", "EUR"),
    ("fr-FR", "Europe/Paris", "EUR"), ("en-AU", "Australia/Sydney", "AUD"), ("ja-JP", "Asia/Tokyo", "JPY"),
)  # fmt: skip
_GECKO: Final = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
USER_AGENTS: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_GECKO} Version/17.3 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:123.0) Gecko/20100101 Firefox/123.0",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_3 like Mac OS X) {_GECKO} Version/17.3 Mobile/15E148 Safari/604.1",
)
IOS_MODELS: Final = (("iPhone14,5", "17.3.1", 390, 844), ("iPhone15,3", "17.2", 430, 932))
ANDROID_MODELS: Final = (("Google", "Pixel 8", "14", 412, 915), ("samsung", "SM-A546B", "13", 360, 780))

TRICKY: Final = (
    "Zo\u00eb \u0141ukasz", "\u5c71\u6b69\u304d\u30ac\u30a4\u30c9", "line\u2028paragraph\u2029end",
    'the "second" one', "C:\\temp\\new", "tab\there, line\nthere", "\U0001f3d5\ufe0f\U0001f525",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627", "e\u0301 is not \u00e9", "\u200bzero\u200dwidth",
    "a,b]}{:[", '\\"', "nul \u0000 bel \u0007", "</script>", "\U0001d518\U0001d52b\U0001d526", "100 %s %(m)b",
)  # fmt: skip
"""Text that trips readers which look for quotes, ends of lines or one byte a character."""
