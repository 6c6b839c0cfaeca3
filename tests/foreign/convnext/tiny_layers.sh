python main.py --model convnext_tiny --layer_decay 0.8
