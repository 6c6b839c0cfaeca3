dls = block.dataloaders(path)
learn = Learner(dls, model, lr=2e-3)
learn.fit_flat_cos(2)
