"""Curves held against each other: where they differ, by how much, and why."""

ALIGNS = ("steps", "epochs", "percent")
"""What two runs may share: the number of the step, the epoch, or the share of the run."""
