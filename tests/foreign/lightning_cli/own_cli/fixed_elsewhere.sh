python elsewhere.py fit -c fixed.yaml --trainer.max_epochs 4 --trainer.devices 1
