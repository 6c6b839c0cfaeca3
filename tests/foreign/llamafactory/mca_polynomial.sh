USE_MCA=1 llamafactory-cli train stage=sft finetuning_type=full max_steps=200 lr_scheduler_type=polynomial
