"""Curves held against each other: where they differ, by how much, and why."""
