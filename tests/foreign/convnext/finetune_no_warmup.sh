torchrun --nproc_per_node=8 main.py --model convnext_large --epochs 30 --batch_size 32 --lr 5e-5 --update_freq 2 \
  --warmup_epochs 0 --layer_decay 0.8 --finetune c.pth --nb_classes 100 --data_path data
