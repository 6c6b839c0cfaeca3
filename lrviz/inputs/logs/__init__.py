"""Logs of runs that have happened → their learning rates."""
