"""The findings, one function each; a module holds those that look at the same thing."""
