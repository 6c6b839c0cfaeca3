torchrun --nproc_per_node 2 parsed.py --output_dir out --num_train_epochs 2 --per_device_train_batch_size 128 \
  --warmup_steps 0.05 --learning_rate 5e-5 --batch_sampler no_duplicates --lr_scheduler_type cosine --pairs "$1"
