python train.py --config-path=. --config-name=beneath model.optim.lr=2e-3
