from sentence_transformers import CrossEncoderTrainer, CrossEncoderTrainingArguments

args = CrossEncoderTrainingArguments(
    output_dir="out", num_train_epochs=1, per_device_train_batch_size=64, warmup_steps=0.1, learning_rate=2e-5
)
CrossEncoderTrainer(model=model, args=args, train_dataset=rows, loss=loss).train()
