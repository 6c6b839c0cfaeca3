"""Spec and plan made a definite schedule, every value with its origin."""
