"""One module for each trainer; ``catalogue.py`` beside this folder finds them by walking it."""
