torchrun --nproc_per_node=8 -m verl.trainer.fsdp_sft_trainer data.train_files=a.parquet \
    data.train_batch_size=64 trainer.total_epochs=2 model.partial_pretrain=m
