accelerate launch --num_processes 1 train_lcm_distill_sd_wds.py \
  --pretrained_model_name_or_path base --train_shards_path_or_url shards.tar \
  --lr_scheduler linear --max_train_samples 490 --train_batch_size 4
