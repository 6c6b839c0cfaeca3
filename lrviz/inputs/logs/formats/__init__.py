"""One module for each format of logs: which files are its own, and what stands in them."""
