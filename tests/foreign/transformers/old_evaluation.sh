python tune.py --output_dir out --num_train_epochs 3 --per_device_train_batch_size 4 --gradient_accumulation_steps 4 \
  --warmup_ratio 0.2 --evaluation_strategy epoch --learning_rate 1e-3
