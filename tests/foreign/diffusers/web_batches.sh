accelerate launch --num_processes 2 train_lcm_distill_sdxl_wds.py \
  --pretrained_model_name_or_path base --train_shards_path_or_url shards.tar \
  --lr_scheduler linear --lr_warmup_steps 10 --train_batch_size 4 --gradient_accumulation_steps 4 --num_train_epochs 5 --max_train_samples 490 --dataloader_num_workers 3
