// @segment/analytics-node: npm install @segment/analytics-node

// Page Viewed: Somebody looked at a page of the site.
//   its category is page_category, string: The section of the site the page belongs to.
//   its name is page_name, string: The name of the page.
analytics.page({
  userId,
  category: "Products",
  name: "Stoves",
  properties: {},
});

// Screen Viewed: Somebody looked at a screen of the app.
//   its category is screen_type, string: The kind of screen, such as article or settings.
//   its name is screen_title, string: The title of the screen.
analytics.screen({
  userId,
  category: "Onboarding",
  name: "Welcome",
  properties: {
    "screen_id": "scr-welcome", // string: The identifier of the screen.
  },
});

// Page Scrolled: Somebody scrolled down a page.
analytics.track({
  userId,
  event: "Page Scrolled",
  properties: {
    "pct_scrolled": 100, // number: How far down the page they got, in per cent.
    "page_category": "Products", // string: The section of the site the page belongs to.
  },
});
