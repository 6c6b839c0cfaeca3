python tools/train_net.py --num-gpus 2 --config-file reference_world_size.yaml --resume \
  OUTPUT_DIR out SOLVER.BASE_LR 0.01 SOLVER.STEPS "(3000,)" SOLVER.MAX_ITER 9000
