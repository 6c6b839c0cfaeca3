python main.py fit --config averaging.yaml --trainer.callbacks='[{class_path: src.Own}, Timer]'
