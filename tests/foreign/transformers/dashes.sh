torchrun tune.py --output-dir out --num-train-epochs 1 --learning-rate 1e-5 --warmup-steps 10 \
  --lr-scheduler-type cosine_with_min_lr --lr-scheduler-kwargs '{"min_lr": "0.000001"}' --per-device-train-batch-size 8
