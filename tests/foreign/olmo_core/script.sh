torchrun --nproc-per-node=8 src/scripts/train/OLMo2-1B.py train run cluster --train_module.optim.lr=6e-3
