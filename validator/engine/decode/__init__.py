"""Decodes the bytes of a line to a call."""
