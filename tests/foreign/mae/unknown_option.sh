python main_pretrain.py --batch_size 64 --blr 1.5e-4 --epochs 10 --warmup_epochs 2 --warmup_step 5
