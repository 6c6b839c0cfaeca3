from sentence_transformers.training_args import MultiDatasetBatchSamplers, SentenceTransformerTrainingArguments

args = SentenceTransformerTrainingArguments(
    output_dir="out", num_train_epochs=2, per_device_train_batch_size=16, warmup_ratio=0.1,
    multi_dataset_batch_sampler=MultiDatasetBatchSamplers.ROUND_ROBIN,
)
