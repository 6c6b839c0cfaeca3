accelerate launch --num_processes 2 examples/scripts/sdft.py \
  --model_name_or_path base --dataset_name texts --output_dir out \
  --lr_scheduler_type cosine --learning_rate 2e-5 --per_device_train_batch_size 4 --gradient_accumulation_steps 2 --num_generations 1 --num_iterations 2
