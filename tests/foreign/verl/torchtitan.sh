python3 -m verl.trainer.main_ppo model_engine=torchtitan algorithm.adv_estimator=grpo data.train_batch_size=128 \
    actor_rollout_ref.actor.ppo_mini_batch_size=64 actor_rollout_ref.actor.optim.lr_warmup_steps=9 \
    trainer.total_training_steps=50
