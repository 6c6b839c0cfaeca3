python -m levanter.main.train_lm --config_path inv.yaml --trainer.num_train_steps 2000 --optimizer.cooldown 200
