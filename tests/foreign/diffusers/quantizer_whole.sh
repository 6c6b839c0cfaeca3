accelerate launch --num_processes 2 train_vqgan.py \
  --pretrained_model_name_or_path base --dataset_name pictures \
  --lr_scheduler constant_with_warmup --lr_warmup_steps 15 --train_batch_size 2 --num_train_epochs 3 --gradient_accumulation_steps 4 --scale_lr
