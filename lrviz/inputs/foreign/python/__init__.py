"""Python files of others, read as data: nothing is run or imported."""
