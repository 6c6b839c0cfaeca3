python main_pretrain.py --lr 1e-4 --accum_iter 20 --data_path data
