swift sft tune.yaml --per_device_train_batch_size 2
