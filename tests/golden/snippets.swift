// Analytics-Swift: https://github.com/segmentio/analytics-swift

// Page Viewed: Somebody looked at a page of the site.
analytics.track(name: "Page Viewed", properties: [
    "page_category": "Products", // string: The section of the site the page belongs to.
    "page_name": "Stoves", // string: The name of the page.
] as [String: Any])

// Page Scrolled: Somebody scrolled down a page.
analytics.track(name: "Page Scrolled", properties: [
    "pct_scrolled": 100, // number: How far down the page they got, in per cent.
    "page_category": "Products", // string: The section of the site the page belongs to.
] as [String: Any])

// Order Completed: Somebody placed an order and paid for it.
analytics.track(name: "Order Completed", properties: [
    "num_items": 5, // integer: How many items the order holds.
    "order_id": "W-000001", // string: The number the shop gave the order.
    "checkout_id": "chk_c17c6263", // string: The checkout the order came out of.
    "total": 284.38, // number: What the customer paid in all, shipping and tax included.
    "revenue": 232.9, // number: What the order earned, shipping and tax left out.
    "shipping": 4.9, // number: What shipping cost.
    "tax": 46.58, // number: The tax on the order.
    "affiliation": "App Store", // string: The store or partner through which the order was placed.
    "products": [["product_id": "LMP-HEAD-3", "name": "Headlamp", "brand": "Ember", "category": "Lights", "price": 34.9, "quantity": 1]], // array of object: The products ordered, one object each.
] as [String: Any])
