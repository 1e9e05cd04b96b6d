"""Counts how calls deviate from plans, and judges each deviation once."""
