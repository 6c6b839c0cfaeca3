accelerate launch --num_processes=2 train_text_to_image_lora.py --dataset_name=pics --train_batch_size=4 \
  --gradient_accumulation_steps=2 --max_train_steps=500 --learning_rate=1e-04 --lr_scheduler=cosine --lr_warmup_steps=50
