python3 -m verl.trainer.main_ppo model_engine=veomni data.train_batch_size=256 trainer.total_training_steps=50
