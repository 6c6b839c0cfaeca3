python train.py --config-file over.yaml --num-gpus 32 --note a SOLVER.MAX_ITER 100 SOLVER.STEPS 50, SOLVER.REFERENCE_WORLD_SIZE 16
