accelerate launch --num_processes 8 open_instruct/finetune.py \
  --model_name_or_path allenai/Llama --learning_rate 5e-6 --lr_scheduler_type linear --warmup_ratio 0.03 \
  --per_device_train_batch_size 1 --gradient_accumulation_steps 2 --num_train_epochs 2
