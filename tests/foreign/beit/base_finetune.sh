torchrun --nproc_per_node=16 run_class_finetuning.py --model beit_base_patch16_224 --data_path data --finetune b.pth \
  --batch_size 64 --lr 4e-3 --update_freq 1 --warmup_epochs 20 --epochs 100 --layer_decay 0.65 --drop_path 0.1 --warmup_lr 1e-5
