python main.py fit --trainer.max_epochs 3 --optimizer AdamW --optimizer.lr 3e-4 --data.batch_size 8 \
  --lr_scheduler StepLR --lr_scheduler.step_size 1 --lr_scheduler.gamma 0.1
