from sentence_transformers import CrossEncoder, SentenceTransformer, SentenceTransformerTrainingArguments
from sklearn.decomposition import PCA
from torch.utils.data import DataLoader

PCA(n_components=64).fit(SentenceTransformer("x").encode(["a"]))
CrossEncoder("x").fit(DataLoader([], batch_size=16), epochs=2, warmup_steps=10)
args = SentenceTransformerTrainingArguments("out", num_train_epochs=2, per_device_train_batch_size=32)
