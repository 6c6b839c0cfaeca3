from transformers import HfArgumentParser, Trainer, TrainingArguments

args = HfArgumentParser(TrainingArguments).parse_args_into_dataclasses()[0]
args.learning_rate *= 2
if args.max_steps > 500:
    args.lr_scheduler_type = "constant"
Trainer(model=model, args=args, train_dataset=rows).train()
