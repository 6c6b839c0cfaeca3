import dataclasses

from transformers import Trainer, TrainingArguments

base = TrainingArguments(output_dir="out", per_device_train_batch_size=8, max_steps=1000, learning_rate=5e-5)
args = dataclasses.replace(base, learning_rate=3e-4, warmup_steps=50)
Trainer(model=model, args=args, train_dataset=rows).train()
