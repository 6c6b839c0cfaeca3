python run_class_finetuning.py --batch_size 32 --lr 5e-4 --warmup_epochs 0 --epochs 2 --layer_decay 1 --num_frames 8
