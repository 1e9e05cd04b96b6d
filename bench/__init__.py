"""Benchmarks: uclint beside its rivals on the same file, and parts of it alone."""
