ray job submit --address=x -- python3 -m openrlhf.cli.train_ppo_ray --rollout_batch_size 1024 --train_batch_size 128 --actor_learning_rate 5e-7
