from unsloth import UnslothTrainer, UnslothTrainingArguments

args = UnslothTrainingArguments(
    per_device_train_batch_size=2, gradient_accumulation_steps=8, max_steps=120, warmup_steps=10,
    learning_rate=5e-5, embedding_learning_rate=1e-5, lr_scheduler_type="cosine", output_dir="out",
)
