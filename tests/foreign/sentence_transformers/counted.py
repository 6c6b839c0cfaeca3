from sentence_transformers import SentenceTransformer, losses

model.fit(train_objectives=objectives, epochs=1, steps_per_epoch=100, scheduler="warmupconstant", warmup_steps=int(0.1 * 100))
