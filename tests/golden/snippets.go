// analytics-go: go get github.com/segmentio/analytics-go/v3; import "github.com/segmentio/analytics-go/v3"

// Page Viewed: Somebody looked at a page of the site.
//   its name is page_name, string: The name of the page.
client.Enqueue(analytics.Page{
    UserId: userID,
    Name:   "Stoves",
    Properties: analytics.Properties{
        "category": "Products", // page_category, string: The section of the site the page belongs to.
    },
})

// Screen Viewed: Somebody looked at a screen of the app.
//   its name is screen_title, string: The title of the screen.
client.Enqueue(analytics.Screen{
    UserId: userID,
    Name:   "Welcome",
    Properties: analytics.Properties{
        "screen_id": "scr-welcome", // string: The identifier of the screen.
        "category": "Onboarding", // screen_type, string: The kind of screen, such as article or settings.
    },
})

// Page Scrolled: Somebody scrolled down a page.
client.Enqueue(analytics.Track{
    UserId: userID,
    Event:  "Page Scrolled",
    Properties: analytics.Properties{
        "pct_scrolled": 100, // number: How far down the page they got, in per cent.
        "page_category": "Products", // string: The section of the site the page belongs to.
    },
})
