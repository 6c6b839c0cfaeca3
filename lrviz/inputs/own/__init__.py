"""Schedulers of the user's own: code that runs because a word names its file and what in it."""
