"""Observers that write down what they see of single lines: sorted, rejected, or each violation."""
