llamafactory-cli train nested.yaml lr_scheduler_kwargs.min_lr=$FLOOR
