deepspeed --num_gpus 6 --module openrlhf.cli.train_dpo --train.batch_size 128 --train.micro_batch_size 8
