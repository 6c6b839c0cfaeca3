deepspeed --module openrlhf.cli.train_rm --train_batch_size 256 --learning_rate 9e-6 --lr_scheduler linear
