python3 -m verl.trainer.main_ppo --config-path=conf --config-name=absent data.train_batch_size=512
