"""For notebooks and tests: specs and configs evaluated over their runs, a user's own scheduler recorded."""
