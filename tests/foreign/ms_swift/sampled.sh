CUDA_VISIBLE_DEVICES=0 swift sft --model our-org/base --tuner_type lora --dataset our-org/talks#500 \
  --num_train_epochs 2 --warmup_ratio 0.05 --output_dir out
