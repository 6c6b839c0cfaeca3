torchrun --nproc_per_node=2 run_clm.py --output_dir out --max_steps 100 --warmup_ratio 0.07 --group_by_length \
  --per_device_train_batch_size 8 --eval_strategy no
