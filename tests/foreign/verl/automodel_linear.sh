torchrun --nproc_per_node=2 -m verl.trainer.sft_trainer engine=automodel optim=automodel data.train_batch_size=64 optim.lr_scheduler_type=linear optim.lr_warmup_steps=10
