python train.py --config-file over.yaml --note a SOLVER.MAX_ITER 100 SOLVER.STEPS 50, SOLVER.WARMUP_ITERS 20
