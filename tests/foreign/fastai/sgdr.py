bs = 10
learn.fit_sgdr(3, 1, lr_max=slice(1e-2))
