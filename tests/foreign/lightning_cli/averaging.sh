python main.py fit --config no_scheduler.yaml --trainer.callbacks+=StochasticWeightAveraging
