"""Curves as one page of HTML that needs nothing else: a chart that tells exact values, and facts."""
