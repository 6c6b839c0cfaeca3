from transformers import Trainer, TrainingArguments

args = TrainingArguments(output_dir="out", per_device_train_batch_size=4, max_steps=600)
if LARGE:
    args.set_optimizer(learning_rate=3e-4)
Trainer(model=model, args=args, train_dataset=rows).train()
