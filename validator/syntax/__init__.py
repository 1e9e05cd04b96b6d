"""Documents that people and other tools write, YAML, JSON, TOML and CSV, read safely, with the place of every value."""
