llamafactory-cli train restarted.yaml lr_scheduler_kwargs=null warmup_steps=10
