python main.py fit --trainer.max_epochs 3 -c several_first.yaml
