from sentence_transformers import SentenceTransformer

model = SentenceTransformer("our-org/encoder")
model.fit(train_objectives=objectives_of(model), epochs=2, warmup_steps=7)
