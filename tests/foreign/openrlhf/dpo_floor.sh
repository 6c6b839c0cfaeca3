deepspeed --module openrlhf.cli.train_dpo --min_lr_ratio 0.5 --learning_rate 1e-5 \
    --train_batch_size 8 --micro_train_batch_size 1 --pretrain m --dataset d
