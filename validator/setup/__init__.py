"""The guided way from a goal to verified events in production: what was seen, where a setup stands, what comes next."""
