torchrun --standalone --nnodes=1 --nproc_per_node=8 -m verl.trainer.sft_trainer data.train_batch_size=96 \
    optim.lr=1e-5 optim.lr_scheduler_type=cosine optim.lr_warmup_steps_ratio=0.03 trainer.total_epochs=2
