python train.py --config-path=. --config-name=grouped optim=nowhere model.optim.lr=2e-3
