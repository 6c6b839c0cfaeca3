accelerate launch --num_processes 4 run_clm_no_trainer.py --dataset_name texts --per_device_train_batch_size 8 \
  --gradient_accumulation_steps 8 --num_train_epochs 3 --learning_rate 1e-4 --num_warmup_steps 2
