"""What the user writes: specs, durations, numbers."""
