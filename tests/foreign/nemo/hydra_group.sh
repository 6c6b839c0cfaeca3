python train.py --config-path=. --config-name=grouped optim=at_the_top
