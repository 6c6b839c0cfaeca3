accelerate launch --num_processes 3 train_lcm_distill_lora_sdxl.py \
  --pretrained_model_name_or_path base --dataset_name pictures \
  --lr_scheduler polynomial --train_batch_size 8 --gradient_accumulation_steps 3 --num_train_epochs 5 --lr_warmup_steps 20
