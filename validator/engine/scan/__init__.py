"""From calls to deviations."""
