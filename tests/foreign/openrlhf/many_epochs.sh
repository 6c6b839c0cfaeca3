deepspeed --num_gpus 2 --module openrlhf.cli.train_sft --train_batch_size 16 --micro_train_batch_size 1 \
   --max_epochs 15 --learning_rate 5e-6
