accelerate launch --num_processes 1 train_vqgan.py \
  --pretrained_model_name_or_path base --dataset_name pictures \
  --lr_scheduler cosine --lr_warmup_steps 5 --train_batch_size 2 --num_train_epochs 2
