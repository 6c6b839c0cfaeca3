CONFIG_FILE="./total_steps.toml" ./run_train.sh --optimizer.lr 1e-3 --lr_scheduler.decay_type cosine
