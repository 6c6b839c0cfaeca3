"""A run that goes on from a checkpoint with other values: what its framework restores, and what not."""
