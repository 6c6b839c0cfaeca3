"""One module for each trainer; ``known_trainers.py`` beside this folder finds them by walking it."""
