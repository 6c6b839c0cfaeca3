"""What is worth saying of curves: one function for each finding, found by walking ``rules/``."""
