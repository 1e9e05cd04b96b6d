"""Mutation testing: small changes of the code, each of which should fail a test; `python -m tests.mutants --help`."""
