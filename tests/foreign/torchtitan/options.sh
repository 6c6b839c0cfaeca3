MODULE=llama3 CONFIG=llama3_8b NGPU=8 ./run_train.sh --training.steps=600 --optimizer.param-groups.0.optimizer-kwargs.lr 2e-5 \
  --lr_scheduler.warmup_steps 50 --lr_scheduler.min_lr_factor 0.1
