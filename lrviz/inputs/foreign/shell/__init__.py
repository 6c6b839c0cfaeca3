"""Scripts and launch lines of others, read as data: nothing is run."""
