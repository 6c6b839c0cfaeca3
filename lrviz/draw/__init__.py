"""Curves as pictures, charts of text, sparklines and tables."""
