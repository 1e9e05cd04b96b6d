"""Documents that people and other tools write, YAML and JSON, read safely and with the place of every value."""
