python main.py --config nested.yaml fit --trainer.accumulate_grad_batches 1 --trainer '{"max_epochs": 3, "accumulate_grad_batches": 3}' \
  --trainer=table.yaml --optimizer.init_args='{"lr": 0.5}' --lr_scheduler=StepLR --lr_scheduler.init_args '{step_size: 2, gamma: 0.1}' \
  --trainer.limit_train_batches=null --trainer.callbacks=null
