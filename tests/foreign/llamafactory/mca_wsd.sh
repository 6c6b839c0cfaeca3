USE_MCA=1 llamafactory-cli train stage=pt finetuning_type=full max_steps=200 learning_rate=1e-4 warmup_steps=20 \
    lr_scheduler_type=warmup_stable_decay \
    lr_scheduler_kwargs='{"wsd_decay_steps": 50, "lr_wsd_decay_style": "linear", "min_lr": 1e-5}'
