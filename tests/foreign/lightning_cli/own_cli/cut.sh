python elsewhere.py fit -c steps.yaml --trainer.max_epo 2
