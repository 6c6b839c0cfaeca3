set -x
python3 -m verl.trainer.main_ppo \
    algorithm.adv_estimator=grpo data.train_files=$HOME/data/train.parquet data.train_batch_size=512 \
    actor_rollout_ref.actor.optim.lr=1e-6 actor_rollout_ref.actor.optim.lr_warmup_steps_ratio=0.05 \
    actor_rollout_ref.actor.ppo_mini_batch_size=128 actor_rollout_ref.rollout.n=8 trainer.total_epochs=15 $@
