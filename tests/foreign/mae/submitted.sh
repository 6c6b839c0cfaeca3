python submitit_finetune.py --job_dir jobs --batch_size 32 --model vit_base_patch16 \
    --epochs 8 --warmup_epochs 2 --blr 5e-4 --layer_decay 1 --data_path /data
