deepspeed --module openrlhf.cli.train_dpo \
   --train.batch_size 256 --train.micro_batch_size 1 --adam.lr 5e-7 --lr_scheduler linear --beta 0.1
