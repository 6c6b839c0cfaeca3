python tools/train.py configs/detector.py --cfg-options param_scheduler.5.end=12
