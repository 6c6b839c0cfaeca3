FORCE_TORCHRUN=1 NPROC_PER_NODE=2 llamafactory-cli train lora.yaml learning_rate=2e-5 num_train_epochs=1 lr_scheduler_type=linear
