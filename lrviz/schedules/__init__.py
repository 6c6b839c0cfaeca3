"""The catalogue: one module or folder for each framework, one function for each schedule."""
