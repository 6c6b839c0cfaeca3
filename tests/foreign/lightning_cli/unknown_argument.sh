python main.py fit --config no_scheduler.yaml --optimizer.momentun 0.9
