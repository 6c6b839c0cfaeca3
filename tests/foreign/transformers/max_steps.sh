accelerate launch --mixed_precision bf16 --num_processes 2 tune.py --output_dir out \
  --num_train_epochs 5 --max_steps 150 --warmup_steps=15 --learning_rate=1e-4 \
  --gradient_accumulation_steps=2 --per_device_train_batch_size=8
