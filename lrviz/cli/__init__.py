"""The command line: the only place that reads argv, the clock, the terminal, or writes a file."""
