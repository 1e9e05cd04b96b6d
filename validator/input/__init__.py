"""Bytes from anywhere, framed: which inputs there are, what they hold, and where each line or document starts."""
