python fixed.py fit -c fixed.yaml --lr_scheduler.step_size 1
