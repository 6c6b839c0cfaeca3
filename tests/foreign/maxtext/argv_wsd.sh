python3 -m maxtext.trainers.pre_train.train maxtext/configs/base.yml run_name=r model_name=gemma3-4b \
  steps=20000 learning_rate=6e-4 warmup_steps_fraction=0.01 \
  lr_schedule_type=wsd wsd_decay_steps_fraction=0.2 wsd_decay_style=cosine
