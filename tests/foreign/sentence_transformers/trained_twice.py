from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments

model = SentenceTransformer("our-org/encoder")
args = SentenceTransformerTrainingArguments("out", per_device_train_batch_size=32, learning_rate=1e-4)
sets = {"similar": similar, "others": others}
SentenceTransformerTrainer(model=model, args=args, train_dataset=sets, loss=loss).train()
SentenceTransformerTrainer(model=model, args=args, train_dataset=similar, loss=loss).train()
