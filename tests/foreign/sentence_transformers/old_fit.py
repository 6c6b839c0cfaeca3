model.old_fit(
    train_objectives=[(DataLoader(pairs, shuffle=True, batch_size=32), loss)],
    epochs=2, warmup_steps=20, scheduler="warmuplinear",
)
