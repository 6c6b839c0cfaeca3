from transformers import Trainer, TrainingArguments as Arguments

PEAK = 2e-4
SIZES = dict(per_device_train_batch_size=4, gradient_accumulation_steps=2)


def main(model, rows):
    arguments = Arguments("out", learning_rate=PEAK / 2, num_train_epochs=3, warmup_steps=0.1, **SIZES)
    Trainer(model, arguments, train_dataset=rows).train()
