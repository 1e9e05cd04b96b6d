"""From deviations to a Profile: sums, first places and names, in bounded memory."""
