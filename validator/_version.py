"""The version, on its own so that nothing else need be imported for it."""

__version__ = "0.1.0"
