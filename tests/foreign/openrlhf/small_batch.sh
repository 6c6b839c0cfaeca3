deepspeed --num_gpus 8 --module openrlhf.cli.train_sft --train.batch_size 16 --train.micro_batch_size 8
