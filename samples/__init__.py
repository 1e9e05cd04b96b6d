"""Sample event files, and the seeded generator that makes them."""
