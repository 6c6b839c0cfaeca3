torchrun --nproc_per_node=2 main_linprobe.py --accum_iter 4 --epochs 8 --cls_token --data_path data
