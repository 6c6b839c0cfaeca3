"""What people expect of curves, held against them: one judge for each kind of claim."""
