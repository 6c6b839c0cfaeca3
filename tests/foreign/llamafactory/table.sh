llamafactory-cli train nested.yaml 'lr_scheduler_kwargs={min_lr: 4e-5}' max_steps=60
