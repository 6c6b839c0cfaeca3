python train.py --config-path=conf --config-name=absent model.optim.lr=2e-3 trainer.max_steps=50
