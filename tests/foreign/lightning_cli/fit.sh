python main.py fit --config max_steps.yaml --trainer.max_epochs=2 --lr_scheduler.init_args.gamma 0.5
