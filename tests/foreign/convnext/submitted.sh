python run_with_submitit.py --nodes 1 --ngpus 8 --model convnext_tiny --batch_size 128 --lr 4e-3 \
    --update_freq 2 --epochs 30 --warmup_epochs 3 --data_path /data
