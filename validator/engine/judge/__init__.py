"""From deviations to violations, for all plans."""
