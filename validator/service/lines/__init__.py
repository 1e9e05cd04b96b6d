"""Observers that write lines: sorted, rejected, or one for each violation."""
