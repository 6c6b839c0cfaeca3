python main.py fit -c several_first.yaml --lr_scheduler MultiStepLR --lr_scheduler.milestones [2,4]
