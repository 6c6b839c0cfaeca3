python made.py fit -c steps.yaml
