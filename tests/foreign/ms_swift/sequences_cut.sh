NPROC_PER_NODE=8 swift sft \
  --model base --dataset texts \
  --sequence_parallel_size 2 --per_device_train_batch_size 2 --gradient_accumulation_steps 2 --num_train_epochs 2 --warmup_ratio 0.05
