"""What differs between two tracking plans, and for whom a difference breaks something."""
