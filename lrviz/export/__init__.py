"""Numbers as text: one small module for each format, which knows nothing of files."""
