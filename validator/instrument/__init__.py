"""Helps to implement a use case: sample calls, and code snippets that send them."""
