"""Curves as one page of HTML that needs nothing else: a chart that answers for every step, and facts."""
