accelerate launch --num_processes 1 train_controlnet_flux.py \
  --pretrained_model_name_or_path base --dataset_name pictures \
  --lr_scheduler cosine --lr_warmup_steps 5 --num_train_epochs 2
