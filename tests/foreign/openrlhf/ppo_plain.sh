python3 -m openrlhf.cli.train_ppo_ray --actor_learning_rate 5e-7 --critic_learning_rate 9e-6 --train_batch_size 128 \
   --n_samples_per_prompt 1 --max_epochs 1 --num_episodes 3 --lr_warmup_ratio 0.05
