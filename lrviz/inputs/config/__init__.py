"""A config file made a job."""
