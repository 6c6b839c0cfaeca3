python main.py --model convnext_base --update_freq 2 --warmup_epochs 0 --warmup_steps 100
