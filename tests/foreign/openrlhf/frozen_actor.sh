python3 -m openrlhf.cli.train_ppo_ray --actor.model_name_or_path our-org/base --train.batch_size 128 \
  --rollout.batch_size 1024 --rollout.n_samples_per_prompt 4 --train.num_episodes 2 --train.max_epochs 2 \
  --actor.adam.lr 5e-7 --critic.freezing_steps 10 --algo.dynamic_filtering_enable
