"""One flawless call after another, as the invented shop's web site, apps and servers would send them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from random import Random
from typing import Any, Final, TypeVar

from samples import vocabulary as words

Call = dict[str, Any]
T = TypeVar("T")

START: Final = 1_709_280_000_000
"""When the samples begin, in milliseconds: 2024-03-01T08:00:00Z."""


class Dice:
    """Draws that are the same on every Python: made from `random()` alone, the one method promised not to change."""

    def __init__(self, seed: int) -> None:
        self.random: Callable[[], float] = Random(seed).random

    def below(self, end: int) -> int:
        """An integer from 0 up to, not including, `end`."""
        return int(self.random() * end)

    def between(self, low: int, high: int) -> int:
        """An integer from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def chance(self, share: float) -> bool:
        """Whether something that happens to this share of all cases happens now."""
        return self.random() < share

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, each as likely."""
        return options[self.below(len(options))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in a new order."""
        rest = list(items)
        return [rest.pop(self.below(len(rest))) for _ in items]

    def uuid(self) -> str:
        """A version 4 UUID."""
        high, low = self.below(1 << 48), self.below(1 << 48)
        digits = f"{high:012x}4{self.below(1 << 12):03x}{8 + self.below(4):x}{self.below(1 << 12):03x}{low:012x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def iso(milliseconds: int) -> str:
    """A moment as the SDKs write it, such as `2024-03-01T08:00:00.000Z`."""
    moment = datetime.fromtimestamp(milliseconds // 1000, tz=UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"


@dataclass(frozen=True, slots=True)
class Person:
    """An invented customer with one browser and one phone."""

    first: str
    last: str
    user_id: str
    anonymous_id: str
    ip: str
    locale: str
    timezone: str
    currency: str
    agent: str
    phone: str

    @classmethod
    def drawn(cls, dice: Dice) -> "Person":
        """Make one up."""
        locale, timezone, currency = dice.pick(words.PLACES)
        return cls(
            first=dice.pick(words.FIRST_NAMES),
            last=dice.pick(words.LAST_NAMES),
            user_id=f"usr_{dice.below(10**9):09d}",
            anonymous_id=dice.uuid(),
            ip=dice.pick(words.NETWORKS) + str(dice.between(1, 254)),
            locale=locale,
            timezone=timezone,
            currency=currency,
            agent=dice.pick(words.USER_AGENTS),
            phone=dice.pick(("ios", "android")),
        )

    @property
    def username(self) -> str:
        """The name the person signs in with."""
        return f"{self.first}.{self.last}".lower()

    @property
    def email(self) -> str:
        """An address at a domain set aside for examples."""
        return f"{self.username}@example.com"


def drawable(events: Sequence[str] | None) -> list[str]:
    """The names to draw from, each as often as its weight; raises ValueError as `World` does."""
    unknown = [name for name in events or () if name not in words.WEIGHTS]
    if unknown:
        raise ValueError(f"no sample calls for {', '.join(unknown)}; there are: {', '.join(words.WEIGHTS)}")
    if events is not None and not events:
        raise ValueError("no events to make calls of")
    if events is not None:
        return list(events)
    return [name for name, weight in words.WEIGHTS.items() for _ in range(weight)]


class World:
    """The shop: draws calls of the events it is asked for, for ever.

    Args:
        seed: What the draws come from; the same seed gives the same calls.
        events: Event names, or the call types `identify`, `group` and `alias`, each as likely; a mix of all if None.

    Raises:
        ValueError: An event it knows nothing about, or no events.
    """

    def __init__(self, seed: int, events: Sequence[str] | None = None) -> None:
        self.names = drawable(events)
        self.dice = Dice(seed)
        self.people = [Person.drawn(self.dice) for _ in range(256)]

    def calls(self) -> Iterator[Call]:
        """The calls, each owned by who takes it, a little later than the one before."""
        now = START
        for number in count(1):
            now += self.dice.between(40, 9000)
            yield self.call(self.dice.pick(self.names), self.dice.pick(self.people), now, number)

    def call(self, name: str, person: Person, now: int, number: int) -> Call:
        """One call, in the order of keys an archive has."""
        dice = self.dice
        platform = self.platform(name, person)
        page = dice.pick(words.PAGES)
        known = platform == "server" or name in ("identify", "alias", "group", "Signed In", "Signed Up")
        call: Call = {"anonymousId": person.anonymous_id, "context": self.context(platform, person, page)}
        call |= self.body(name, person, page, number)
        message = dice.uuid()
        sent = now + dice.between(5, 1500)
        call |= {
            "integrations": dict(dice.pick(words.INTEGRATIONS)),
            "messageId": f"ajs-next-{now}-{message}" if platform == "web" else message,
            "originalTimestamp": iso(now),
            "receivedAt": iso(sent + dice.between(20, 400)),
            "sentAt": iso(sent),
            "timestamp": iso(now + dice.between(20, 400)),
            "type": call.pop("type"),
            "userId": person.user_id if known or dice.chance(0.5) else None,
            "version": 2,
        }
        return call

    def platform(self, name: str, person: Person) -> str:
        """Where a call of this name comes from."""
        if name in words.WEB_ONLY:
            return "web"
        if name in words.MOBILE_ONLY:
            return person.phone
        options = ("web", "web", person.phone, "server") if name in words.SERVER_TOO else ("web", "web", person.phone)
        return self.dice.pick(options)

    def context(self, platform: str, person: Person, page: tuple[str, str, str, str]) -> Call:
        """What the SDK of the platform says about itself and where it runs."""
        dice = self.dice
        if platform == "server":
            library = dice.pick((("analytics-python", "2.3.2"), ("@segment/analytics-node", "2.1.0")))
            return {"ip": person.ip, "library": dict(zip(("name", "version"), library, strict=True))}
        if platform == "web":
            context: Call = {
                "ip": person.ip,
                "library": {"name": "analytics.js", "version": "npm:next-1.66.0"},
                "locale": person.locale,
                "page": self.page(page),
                "timezone": person.timezone,
                "userAgent": person.agent,
            }
            if dice.chance(0.2):
                context["campaign"] = dict(dice.pick(words.CAMPAIGNS))
            return context
        if platform == "ios":
            model, version, width, height = dice.pick(words.IOS_MODELS)
            maker, system, library = "Apple", "iOS", ("analytics-swift", "1.5.11")
        else:
            maker, model, version, width, height = dice.pick(words.ANDROID_MODELS)
            system, library = "Android", ("analytics-kotlin", "1.16.3")
        return {
            "app": {"build": "412", "name": "Trail Store", "namespace": "com.example.trailstore", "version": "4.12.0"},
            "device": {"id": dice.uuid(), "manufacturer": maker, "model": model, "type": system.lower()},
            "ip": person.ip,
            "library": dict(zip(("name", "version"), library, strict=True)),
            "locale": person.locale,
            "network": {"bluetooth": False, "cellular": dice.chance(0.4), "wifi": dice.chance(0.7)},
            "os": {"name": system, "version": version},
            "screen": {"height": height, "width": width},
            "timezone": person.timezone,
        }

    def page(self, page: tuple[str, str, str, str]) -> Call:
        """A page as the browser library describes it."""
        search = self.dice.pick(("", "", "", "?utm_source=newsletter&utm_medium=email&utm_campaign=spring-trails"))
        _, _, path, title = page
        return {
            "path": path,
            "referrer": self.dice.pick(words.REFERRERS),
            "search": search,
            "title": f"{title} | Trail Store",
            "url": f"https://shop.example.com{path}{search}",
        }

    def body(self, name: str, person: Person, page: tuple[str, str, str, str], number: int) -> Call:
        """What sets this call apart from the others: its type, names, properties or traits."""
        dice = self.dice
        if name == "identify":
            names = {"firstName": person.first, "lastName": person.last, "username": person.username}
            traits = {"email": person.email, **names, "plan": dice.pick(words.PLANS), "logins": dice.between(1, 90)}
            return {"traits": traits, "type": "identify"}
        if name == "group":
            company, industry = dice.pick(words.COMPANIES)
            traits = {"name": company, "industry": industry, "employees": dice.between(3, 900), "plan": "business"}
            return {"groupId": f"org_{dice.below(10**6):06d}", "traits": traits, "type": "group"}
        if name == "alias":
            return {"previousId": person.anonymous_id, "type": "alias"}
        if name == "Page Viewed" and dice.chance(0.85):
            properties = {"category": page[1], "name": page[0], **self.page(page)}
            return {"category": page[1], "name": page[0], "properties": properties, "type": "page"}
        if name == "Screen Viewed" and dice.chance(0.85):
            screen, title, kind = dice.pick(words.SCREENS)
            properties = {"screen_id": screen, "screen_title": title, "screen_type": kind}
            return {"category": kind, "name": title, "properties": properties, "type": "screen"}
        return {"event": name, "properties": self.properties(name, person, page, number), "type": "track"}

    def properties(self, name: str, person: Person, page: tuple[str, str, str, str], number: int) -> Call:
        """The properties of a track call."""
        if name in ("Order Completed", "Checkout Started", "Onboarding Completed"):
            return self.order(name, person, number)
        dice = self.dice
        screen, title, kind = dice.pick(words.SCREENS)
        if name in ("Application Installed", "Application Opened"):
            return {
                "version": "4.12.0",
                "build": "412",
                "screen_id": screen,
                "screen_type": kind,
                "screen_title": title,
                "from_background": name == "Application Opened" and dice.chance(0.5),
                "referring_application": dice.pick(("com.example.mail", "com.example.browser")),
            }
        if name == "Onboarding Step Completed":
            step = dice.below(len(words.ONBOARDING))
            return {
                "step_name": words.ONBOARDING[step],
                "step_number": step + 1,
                "total_steps": len(words.ONBOARDING),
                "pct_completed": (step + 1) * 100 / len(words.ONBOARDING),
                "flow_name": dice.pick(("New Member", "New Member, Short")),
                "screen_id": f"scr-onboarding-{step + 1}",
                "screen_type": "Onboarding",
            }
        if name == "Product Added to Cart":
            sku, product, brand, category, price = dice.pick(words.PRODUCTS)
            return {
                "cart_id": f"cart_{number:07d}",
                "product_id": sku,
                "product_name": product,
                "product_brand": brand,
                "product_price": price,
                "product_category": category,
                "quantity": dice.between(1, 3),
            }
        return self.small(name, person, page)

    def small(self, name: str, person: Person, page: tuple[str, str, str, str]) -> Call:
        """The properties of the events that carry only a few."""
        dice = self.dice
        screen, title, kind = dice.pick(words.SCREENS)
        names = {"first_name": person.first, "last_name": person.last, "username": person.username}
        label, place = dice.pick(words.BUTTONS)
        plan, price = dice.pick((("monthly", 9.99), ("yearly", 89.0)))
        made: dict[str, Call] = {
            "Signed Up": {**names, "type": dice.pick(("organic", "invited"))},
            "Signed In": {**names, "email": person.email},
            "Page Viewed": {"page_category": page[1], "page_name": page[0], "path": page[2]},
            "Page Scrolled": {"pct_scrolled": dice.pick((25, 50, 75, 90.5, 100)), "page_category": page[1]},
            "Screen Viewed": {"screen_id": screen, "screen_type": kind, "screen_title": title},
            "Install Attributed": {"provider": "Example Attribution", "campaign": dict(dice.pick(words.CAMPAIGNS))},
            "Trial Started": {"category": dice.pick(words.CATEGORIES), "trial_days": dice.pick((7, 14, 30))},
            "Subscription Started": {"plan": plan, "revenue": price, "currency": person.currency},
            "Button Clicked": {"label": label, "location": place, "path": page[2]},
            "Search Performed": {"query": dice.pick(words.SEARCHES), "results": dice.below(60)},
            "Video Played": {"title": page[3], "position": dice.below(200), "duration": 214.5, "muted": True},
            "Email Opened": {"email_id": f"eml_{dice.below(10**6):06d}", "subject": "Your tent misses you"},
        }
        return made[name]

    def order(self, name: str, person: Person, number: int) -> Call:
        """The properties of a cart that is being paid, or was."""
        dice = self.dice
        lines: list[Call] = []
        for position in range(1, dice.between(2, 4)):
            sku, product, brand, category, price = dice.pick(words.PRODUCTS)
            lines.append({
                "product_id": sku, "name": product, "brand": brand, "category": category, "price": price,
                "quantity": dice.between(1, 3), "position": position,
            })  # fmt: skip
        cents = sum(round(line["price"] * 100) * line["quantity"] for line in lines)
        shipping = dice.pick((0, 490, 795))
        discount = dice.pick((0, cents // 10))
        tax = (cents - discount) // 5
        properties = {
            "order_id": f"W-{number:08d}",
            "checkout_id": f"chk_{dice.below(16**8):08x}",
            "affiliation": dice.pick(words.AFFILIATIONS),
            "total": (cents - discount + shipping + tax) / 100,
            "revenue": (cents - discount) / 100,
            "shipping": shipping / 100,
            "tax": tax / 100,
            "discount": discount / 100,
            "coupon": dice.pick(words.COUPONS),
            "currency": person.currency,
            "num_items": sum(line["quantity"] for line in lines),
            "products": lines,
        }
        if name == "Onboarding Completed":
            del properties["products"], properties["num_items"]
        return properties
