python3 -m verl.trainer.main_ppo --config-name=ppo_megatron_trainer algorithm.adv_estimator=grpo \
    data.train_batch_size=128 actor_rollout_ref.actor.ppo_mini_batch_size=32 \
    actor_rollout_ref.actor.optim.lr=2e-6 actor_rollout_ref.actor.optim.lr_decay_style=WSD \
    actor_rollout_ref.actor.optim.lr_wsd_decay_steps=20 actor_rollout_ref.actor.optim.min_lr=2e-7 \
    actor_rollout_ref.actor.optim.lr_warmup_steps=10 trainer.total_training_steps=100
