learn.fit_one_cycle(lr_max=1e-3)
