ray job submit --address="http://127.0.0.1:8265" --runtime-env-json='{"working_dir": "/openrlhf"}' \
   -- python3 -m openrlhf.cli.train_ppo_ray --actor.adam.lr 1e-6 --critic.adam.lr 9e-6 \
   --train.batch_size 1024 --rollout.batch_size 128 --rollout.n_samples_per_prompt 8 --train.num_episodes 2 \
   --data.max_samples 20000
