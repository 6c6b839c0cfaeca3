torchrun --nproc_per_node=4 main_finetune.py --batch_size 32 --model vit_base_patch16 --finetune mae.pth \
  --epochs 50 --blr 5e-4 --layer_decay 0.65 --drop_path 0.1 --dist_eval --data_path data
