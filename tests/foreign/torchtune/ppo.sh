tune run ppo_full_finetune_single_device --config lora_short.yaml
