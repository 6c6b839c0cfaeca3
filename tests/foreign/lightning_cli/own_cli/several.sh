python elsewhere.py fit -c steps.yaml --trainer.max_ 2
