accelerate launch --num_processes 1 train_text_to_image_sdxl.py --dataset_name pics --max_train_steps 1000 \
  --gradient_accumulation_steps 4 --lr_scheduler cosine --lr_warmup_steps 20 --scale_lr
