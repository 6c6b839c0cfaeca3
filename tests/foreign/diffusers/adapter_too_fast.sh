accelerate launch --num_processes 4 examples/t2i_adapter/train_t2i_adapter_sdxl.py --dataset_name pics \
  --train_batch_size=4 --max_train_steps=400 --learning_rate=1e-5 --lr_scheduler=linear --lr_warmup_steps=40
