from transformers import Trainer, TrainingArguments

args = TrainingArguments(output_dir="out", max_steps=1000).set_lr_scheduler(name="cosine", warmup_steps=77)
args.set_training(learning_rate=3e-4, batch_size=4, num_epochs=2, max_steps=600)
Trainer(model=model, args=args, train_dataset=rows).train()
