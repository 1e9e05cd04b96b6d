"""Adapters: the command line and the pytest plugin."""
