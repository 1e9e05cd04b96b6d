"""Counts deviations into a Profile: sums, first places and names, in bounded memory."""
