from sentence_transformers import SentenceTransformer, losses
from torch.utils.data import DataLoader

model = SentenceTransformer("our-org/encoder")
pairs = DataLoader(similar, shuffle=True, batch_size=16)
triplets = DataLoader(others, 16, True)
model.fit(
    [(pairs, losses.CosineSimilarityLoss(model)), (triplets, losses.TripletLoss(model))],
    epochs=2, scheduler="WarmupCosine", warmup_steps=7, optimizer_params={"lr": 1e-4},
)
