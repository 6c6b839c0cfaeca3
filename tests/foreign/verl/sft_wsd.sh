torchrun --nproc_per_node=4 -m verl.trainer.fsdp_sft_trainer data.train_batch_size=64 optim.lr_scheduler=wsd \
    optim.lr=2e-5 trainer.total_epochs=3
