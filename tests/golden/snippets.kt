// analytics-kotlin: implementation("com.segment.analytics.kotlin:android:VERSION"); import kotlinx.serialization.json.*

// Page Viewed: Somebody looked at a page of the site.
analytics.track("Page Viewed", buildJsonObject {
    put("page_category", "Products") // string: The section of the site the page belongs to.
    put("page_name", "Stoves") // string: The name of the page.
})

// Page Scrolled: Somebody scrolled down a page.
analytics.track("Page Scrolled", buildJsonObject {
    put("pct_scrolled", 100) // number: How far down the page they got, in per cent.
    put("page_category", "Products") // string: The section of the site the page belongs to.
})

// Order Completed: Somebody placed an order and paid for it.
analytics.track("Order Completed", buildJsonObject {
    put("num_items", 5) // integer: How many items the order holds.
    put("order_id", "W-000001") // string: The number the shop gave the order.
    put("checkout_id", "chk_c17c6263") // string: The checkout the order came out of.
    put("total", 284.38) // number: What the customer paid in all, shipping and tax included.
    put("revenue", 232.9) // number: What the order earned, shipping and tax left out.
    put("shipping", 4.9) // number: What shipping cost.
    put("tax", 46.58) // number: The tax on the order.
    put("affiliation", "App Store") // string: The store or partner through which the order was placed.
    put("products", buildJsonArray { add(buildJsonObject { put("product_id", "LMP-HEAD-3"); put("name", "Headlamp"); put("brand", "Ember"); put("category", "Lights"); put("price", 34.9); put("quantity", 1) }) }) // array of object: The products ordered, one object each.
})
