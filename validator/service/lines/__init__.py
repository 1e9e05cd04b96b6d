"""Observers that write lines: split by class, rejected, or one for each violation."""
