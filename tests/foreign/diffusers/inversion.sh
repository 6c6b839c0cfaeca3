accelerate launch --num_processes 2 textual_inversion_sdxl.py \
  --pretrained_model_name_or_path base --placeholder_token toy --train_data_dir toys \
  --lr_scheduler cosine_with_restarts --lr_warmup_steps 50 --lr_num_cycles 2 --num_train_epochs 2 --gradient_accumulation_steps 2
