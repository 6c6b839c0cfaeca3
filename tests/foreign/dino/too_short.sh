python main_dino.py --data_path data --epochs 8
