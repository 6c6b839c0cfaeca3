NPROC_PER_NODE=2 swift rlhf \
  --model base --dataset texts \
  --rlhf_type gkd --per_device_train_batch_size 2 --num_train_epochs 2 --learning_rate 1e-05 --warmup_ratio 0.1
