"""The command line: the only place that reads argv or the terminal, or writes to a stream."""
