"""Benchmarks: uclint beside its rivals on the same file, how it scales, and parts of it alone."""
