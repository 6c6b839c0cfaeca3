python3 -m verl.trainer.main_ppo algorithm.adv_estimator=grpo data.train_batch_size=512 data.gen_batch_size=64 actor_rollout_ref.actor.ppo_mini_batch_size=512 trainer.total_epochs=4
