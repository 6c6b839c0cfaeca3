from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.training_args import BatchSamplers

args = SentenceTransformerTrainingArguments(
    output_dir="out", num_train_epochs=1, per_device_train_batch_size=16, batch_sampler=BatchSamplers.GROUP_BY_LABEL
)
SentenceTransformerTrainer(model=model, args=args, train_dataset=rows, loss=loss).train()
