"""Which schedule, with which parameters, made the values of a log."""
