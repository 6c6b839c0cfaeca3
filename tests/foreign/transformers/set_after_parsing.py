import sys

from transformers import HfArgumentParser, Trainer, TrainingArguments


def main():
    parser = HfArgumentParser((ModelArguments, TrainingArguments))
    if sys.argv[1].endswith(".json"):
        model_args, training_args = parser.parse_json_file(json_file=sys.argv[1])
    else:
        model_args, training_args = parser.parse_args_into_dataclasses()
    training_args.lr_scheduler_type = "constant_with_warmup"
    training_args.warmup_steps = 100
    training_args.report_to = reporters(model_args)
    Trainer(model=model, args=training_args, train_dataset=rows).train()


main()
