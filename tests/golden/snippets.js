// @segment/analytics-next, for the browser: npm install @segment/analytics-next

// Page Viewed: Somebody looked at a page of the site.
//   its category is page_category, string: The section of the site the page belongs to.
//   its name is page_name, string: The name of the page.
analytics.page("Products", "Stoves", {});

// Screen Viewed: Somebody looked at a screen of the app.
//   its category is screen_type, string: The kind of screen, such as article or settings.
//   its name is screen_title, string: The title of the screen.
analytics.screen("Onboarding", "Welcome", {
  "screen_id": "scr-welcome", // string: The identifier of the screen.
});

// Page Scrolled: Somebody scrolled down a page.
analytics.track("Page Scrolled", {
  "pct_scrolled": 100, // number: How far down the page they got, in per cent.
  "page_category": "Products", // string: The section of the site the page belongs to.
});
