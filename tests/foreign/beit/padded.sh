torchrun --nproc_per_node=8 run_beit_pretraining.py --data_path /data --batch_size 64 --epochs 10 --warmup_epochs 1
