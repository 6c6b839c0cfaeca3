tune run full_finetune_single_device --config single_device.yaml
