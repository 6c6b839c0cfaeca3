torchrun --nproc_per_node=8 main.py --model convnext_tiny --batch_size 128 --update_freq 4 --epochs 50 --data_path data
