python tools/train.py configs/detector.py --amp --cfg-options train_cfg.max_epochs=3 \
    'optim_wrapper.optimizer.lr=0.01' param_scheduler.1.milestones=1,2 param_scheduler.1.end=3
