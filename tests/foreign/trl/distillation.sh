accelerate launch --num_processes 2 examples/scripts/distillation.py \
  --model_name_or_path base --dataset_name texts --output_dir out \
  --lr_scheduler_type cosine --warmup_steps 0.1 --per_device_train_batch_size 2 --gradient_accumulation_steps 4 --num_generations 2 --num_train_epochs 2
