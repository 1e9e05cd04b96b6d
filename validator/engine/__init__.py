"""Finds the shape of every call, counts shapes, and judges each distinct one once."""
