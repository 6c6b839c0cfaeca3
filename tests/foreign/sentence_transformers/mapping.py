from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments

args = SentenceTransformerTrainingArguments(
    output_dir="out", max_steps=500, learning_rate=4e-5, learning_rate_mapping={r"router\.query": 1e-3}
)
SentenceTransformerTrainer(model=model, args=args, train_dataset=rows, loss=loss).train()
