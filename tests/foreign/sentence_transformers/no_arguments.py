from sentence_transformers import SentenceTransformerTrainer

SentenceTransformerTrainer(model=model, train_dataset=rows, loss=loss).train()
