"""How long a run is, in a trainer's arithmetic."""
