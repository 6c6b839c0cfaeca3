"""What a schedule is described by, and how one is found and built."""
