deepspeed --num_gpus 8 --module openrlhf.cli.train_sft --train.batch_size 128 --train.micro_batch_size 4 \
   --ds.ring_attn_size 2 --train.max_epochs 3 --adam.lr 1e-5 --lr_scheduler cosine --lr_warmup_ratio 0.1
