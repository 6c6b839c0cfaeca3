learn.fit_sgdr(3, 1, cycle_mult=1)
