torchrun --nproc_per_node=4 tune.py --output_dir out --num_train_epochs 2 --per_device_train_batch_size 8 --warmup_steps 4 \
  --gradient_accumulation_steps 2 --learning_rate 1e-4 --lr_scheduler_type cosine --accelerator_config '{"split_batches": true}'
