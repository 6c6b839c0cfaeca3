python main.py fit --config several_first.yaml -c several_classes.yaml --optimizer.init_args.lr 4e-3
