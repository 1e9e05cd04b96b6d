"""Reads inputs: in this process one after another, or with several workers at a time."""
