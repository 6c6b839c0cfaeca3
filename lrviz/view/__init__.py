"""How curves are looked at: one table of what a picture can be told, and where a step stands on its axis."""
