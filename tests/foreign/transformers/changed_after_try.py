from transformers import TrainingArguments


def arguments():
    try:
        args = TrainingArguments("out", num_train_epochs=1)
    except ValueError:
        raise
    args.num_train_epochs = 5
    return args
