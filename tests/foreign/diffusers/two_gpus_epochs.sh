accelerate launch --num_processes 2 train_dreambooth_lora_sdxl.py --instance_data_dir d --resolution 512 \
  --train_batch_size 2 --gradient_accumulation_steps 2 --num_train_epochs 10 --learning_rate 1e-4 \
  --lr_scheduler cosine --lr_warmup_steps 5
