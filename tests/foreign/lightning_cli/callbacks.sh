python main.py fit --config no_scheduler.yaml --trainer.callbacks+=EarlyStopping --trainer.callbacks+='{class_path: src.Own}' --trainer.callbacks+=ModelCheckpoint
