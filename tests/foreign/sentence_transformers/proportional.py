from sentence_transformers import SentenceTransformerTrainingArguments

args = SentenceTransformerTrainingArguments(
    output_dir="out", num_train_epochs=1, per_device_train_batch_size=16, learning_rate=1e-4, warmup_steps=5,
    lr_scheduler_type="cosine",
)
