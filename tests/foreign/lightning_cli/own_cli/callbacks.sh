python callbacks.py fit --config callbacks.yaml
