from datasets import DatasetDict, load_dataset
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments

sets = DatasetDict()
for language in ("de", "fr"):
    sets[language] = load_dataset("mine", language, split="train")
sets = sets.map(lambda row: row)
args = SentenceTransformerTrainingArguments("out", num_train_epochs=2, per_device_train_batch_size=32)
SentenceTransformerTrainer(model=SentenceTransformer("x"), args=args, train_dataset=sets).train()
