accelerate launch --num_processes 2 grpo.py --output_dir out --num_train_epochs 1 --per_device_train_batch_size 4 \
  --gradient_accumulation_steps 2 --num_iterations 2 --steps_per_generation 4 --num_generations 4 \
  --learning_rate 2e-6 --lr_scheduler_type constant_with_warmup --warmup_steps 4
