"""A log held against a plan: which offset its writer has, and what went otherwise than planned."""
