litgpt finetune_adapter_v2 m --train.global_batch_size 16 --train.micro_batch_size 4 --train.epochs 3
