from sentence_transformers import SentenceTransformerTrainingArguments

args = SentenceTransformerTrainingArguments(
    output_dir="o", num_train_epochs=1, per_device_train_batch_size=16, warmup_ratio=0.1, warmup_steps=20
)
