./tools/dist_train.sh configs/detector.py 8 --auto-scale-lr \
    --cfg-options train_cfg.max_epochs=12 param_scheduler.1.milestones="[8,11]" param_scheduler.1.end=12
