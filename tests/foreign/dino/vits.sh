torchrun --nproc_per_node=8 main_dino.py --arch vit_small --data_path data --epochs 100 --batch_size_per_gpu 32 \
  --lr 0.0005 --min_lr 2e-6 --warmup_epochs 10
