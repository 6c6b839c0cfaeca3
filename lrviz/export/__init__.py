"""Numbers as text, a module for each format; JSON documents and their schema; files written whole."""
