"""What people type: specs, durations, numbers, expectations."""
