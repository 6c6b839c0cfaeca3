model.fit(train_objectives=[(DataLoader(a, batch_size=4), loss)], scheduler="cosine")
