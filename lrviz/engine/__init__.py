"""Timelines: what a schedule is, evaluated at any tick, exact over any interval."""
