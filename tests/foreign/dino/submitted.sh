python run_with_submitit.py --nodes 2 --ngpus 8 --arch vit_small --data_path /data --epochs 20 --output_dir out
