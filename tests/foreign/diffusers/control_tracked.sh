accelerate launch --num_processes 3 train_controlnet.py \
  --pretrained_model_name_or_path base --train_data_dir pictures --report_to wandb \
  --lr_scheduler cosine --lr_warmup_steps 5 --train_batch_size 4
