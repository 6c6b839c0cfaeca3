accelerate launch --num_processes 2 examples/scripts/ppo/ppo.py \
  --model_name_or_path base --dataset_name texts --output_dir out \
  --lr_scheduler_type cosine --warmup_steps 0.1 --per_device_train_batch_size 4 --gradient_accumulation_steps 4 --total_episodes 1000
