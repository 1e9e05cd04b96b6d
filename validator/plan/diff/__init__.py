"""Compares two tracking plans: what differs, and for whom it breaks."""
