torchrun --nproc_per_node 4 train.py --learning_rate 1e-4 --per_device_train_batch_size 10 \
  --lr_scheduler_type cosine --accelerator_config '{"split_batches": true}' --output_dir out
