accelerate launch --num_processes 1 examples/scripts/distillation.py \
  --model_name_or_path base --dataset_name texts --output_dir out \
  --per_device_train_batch_size 2 --gradient_accumulation_steps 3 --num_generations 4
