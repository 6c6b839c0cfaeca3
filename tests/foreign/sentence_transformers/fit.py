from sentence_transformers import SentenceTransformer, losses
from torch.utils.data import DataLoader

model = SentenceTransformer("our-org/encoder")
loader = DataLoader(pairs, shuffle=True, batch_size=16)
model.fit(train_objectives=[(loader, losses.CosineSimilarityLoss(model))], epochs=4)
