from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer
from sentence_transformers.training_args import MultiDatasetBatchSamplers, SentenceTransformerTrainingArguments

args = SentenceTransformerTrainingArguments(
    output_dir="out", num_train_epochs=2, per_device_train_batch_size=16, warmup_ratio=0.1,
    multi_dataset_batch_sampler=MultiDatasetBatchSamplers.ROUND_ROBIN,
)
trainer = SentenceTransformerTrainer(
    model=SentenceTransformer("m"), args=args, train_dataset={"pairs": pairs, "triples": triples}
)
