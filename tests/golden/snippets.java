// analytics-java: com.segment.analytics.java:analytics; import java.util.*; import com.segment.analytics.messages.*

// Page Viewed: Somebody looked at a page of the site.
//   its name is page_name, string: The name of the page.
Map<String, Object> pageViewed = new LinkedHashMap<>();
pageViewed.put("category", "Products"); // page_category, string: The section of the site the page belongs to.
analytics.enqueue(PageMessage.builder("Stoves").userId(userId).properties(pageViewed));

// Screen Viewed: Somebody looked at a screen of the app.
//   its name is screen_title, string: The title of the screen.
Map<String, Object> screenViewed = new LinkedHashMap<>();
screenViewed.put("screen_id", "scr-welcome"); // string: The identifier of the screen.
screenViewed.put("category", "Onboarding"); // screen_type, string: The kind of screen, such as article or settings.
analytics.enqueue(ScreenMessage.builder("Welcome").userId(userId).properties(screenViewed));

// Page Scrolled: Somebody scrolled down a page.
Map<String, Object> pageScrolled = new LinkedHashMap<>();
pageScrolled.put("pct_scrolled", 100); // number: How far down the page they got, in per cent.
pageScrolled.put("page_category", "Products"); // string: The section of the site the page belongs to.
analytics.enqueue(TrackMessage.builder("Page Scrolled").userId(userId).properties(pageScrolled));
