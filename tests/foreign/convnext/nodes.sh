python run_with_submitit.py --model convnext_tiny --batch_size 128 --lr 4e-3 --update_freq 2 --epochs 30 --data_path /data
