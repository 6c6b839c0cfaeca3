python elsewhere.py fit -c unknown.yaml
