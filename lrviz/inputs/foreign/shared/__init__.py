"""What several trainers have in common, and schedules too long for a trainer's own module."""
