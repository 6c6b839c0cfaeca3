accelerate launch --num_processes 1 examples/scripts/orpo.py \
  --model_name_or_path base --dataset_name texts --output_dir out \
  --lr_scheduler_type cosine --max_steps 120 --gradient_accumulation_steps 1
