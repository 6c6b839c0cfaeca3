deepspeed --num_gpus 8 --module openrlhf.cli.train_sft --train.batch_size 256 --train.micro_batch_size 8 \
   --adam.lr 5e-6 --learning_rate 1e-5
