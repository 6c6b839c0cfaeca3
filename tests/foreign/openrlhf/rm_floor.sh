deepspeed --module openrlhf.cli.train_rm --min_lr_ratio 0.5 --learning_rate 1e-5 --pretrain m --dataset d
