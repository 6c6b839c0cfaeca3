python3 -m verl.trainer.main_ppo --config-path=. --config-name=beneath actor_rollout_ref.actor.optim.lr=5e-6
