python main.py fit --config several_first.yaml --config several_over.yaml
