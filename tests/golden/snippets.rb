# analytics-ruby: gem install analytics-ruby

# Page Viewed: Somebody looked at a page of the site.
#   its name is page_name, string: The name of the page.
analytics.page(
  user_id: user_id,
  name: "Stoves",
  properties: {
    "category" => "Products",  # page_category, string: The section of the site the page belongs to.
  }
)

# Screen Viewed: Somebody looked at a screen of the app.
#   its name is screen_title, string: The title of the screen.
analytics.screen(
  user_id: user_id,
  name: "Welcome",
  properties: {
    "screen_id" => "scr-welcome",  # string: The identifier of the screen.
    "category" => "Onboarding",  # screen_type, string: The kind of screen, such as article or settings.
  }
)

# Page Scrolled: Somebody scrolled down a page.
analytics.track(
  user_id: user_id,
  event: "Page Scrolled",
  properties: {
    "pct_scrolled" => 100,  # number: How far down the page they got, in per cent.
    "page_category" => "Products",  # string: The section of the site the page belongs to.
  }
)
