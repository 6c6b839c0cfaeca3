python main.py fit -c steps.yaml
