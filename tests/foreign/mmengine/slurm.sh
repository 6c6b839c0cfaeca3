GPUS=16 ./tools/slurm_train.sh a100 frcnn configs/detector.py work_dirs/frcnn --auto-scale-lr
