"""Shapes that several frameworks compute alike."""
