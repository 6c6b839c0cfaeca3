python main_pretrain.py --data_path /data --warmup_epochs 2.5 --epochs 10 --lr 1e-3
