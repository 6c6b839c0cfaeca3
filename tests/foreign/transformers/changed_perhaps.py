from transformers import TrainingArguments

args = TrainingArguments("out", num_train_epochs=1, per_device_train_batch_size=8)
if DEBUG:
    args.num_train_epochs = 5
